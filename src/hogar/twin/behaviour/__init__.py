"""What do they do? Use, devices, payments, complaints, visits, consents, and leaving."""
