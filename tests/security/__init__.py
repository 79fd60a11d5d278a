"""What holds against other programs, other hosts, web pages, and what tools print."""
