"""Who asks, and how does the answer leave the house? Gather, inbound API, campaigns, triggers, outbox, channels.

`Engine` holds what is live; each file's functions take it: `inbound.decide_inbound`, `campaigns.plan` and `run`,
`triggers.run`, `outbox.deliver`, `replay.replay`, `explain.explain`, `serve.serve`. Reads published profiles and
the ledger; writes decisions, contacts and messages. Below: `decide`, `stores`. Above: `app`, `cli`.
"""
