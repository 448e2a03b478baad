"""Who asks, and how does the answer leave the house? Gather, inbound API, campaigns, triggers, outbox, channels.

`Engine` holds what is live; each file's functions take it: `inbound.decide_inbound`, `campaigns.plan`,
`campaign_runs.run`, `triggers.run`, `outbox.deliver`, `replay.replay`, `explain.explain_decision`. Three families have
a door of their own: `api` answers over HTTP, `strategies` says and changes which strategy decides, `whatif` compares
two over the whole base. Reads published profiles and the ledger; writes decisions, contacts and messages. Below:
`decide`, `stores`. Above: `app`, `cli`.
"""
