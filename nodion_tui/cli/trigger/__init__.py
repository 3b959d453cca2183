"""What is triggered, and what becomes of it?"""
