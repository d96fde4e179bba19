"""A carrier of our own: it speaks Twilio's wire protocol on a clock that can be wound."""
