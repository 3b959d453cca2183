"""What does the engine keep on disk, who may use the folder, and what may be removed from it?"""
