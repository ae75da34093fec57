"""The rules of negotiation: mechanisms, money, windows and the venue port."""
