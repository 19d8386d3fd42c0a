"""The pages that members of an organization work with, opened by the cookie of their sign-in.

The server renders who is asking and what their role may see; what is in the lists, and every
change, goes through the native API, so that no rule lives in a page.
"""
