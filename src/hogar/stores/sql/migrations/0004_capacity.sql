-- What was said through a channel lately, over all customers: what capacities count.
CREATE INDEX contact_channel ON contact (channel, at, action, message_class, state) WHERE kind = 'contact';
