"""The shared inbox: conversations, answers, contacts, saved replies, and calls made from it."""
