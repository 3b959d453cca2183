"""What do the commands print that read logs?"""
