"""The second carrier: Telnyx' wire protocol."""
