"""The specialist support directory: catalogue, live capacity, search and referral routing."""
