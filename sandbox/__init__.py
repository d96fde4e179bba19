"""A carrier for development and tests: a server with Twilio's wire protocol, on a clock that can be moved forward."""
