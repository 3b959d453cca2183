"""How does a notification reach the user: toast, bell, desktop, window title?"""
