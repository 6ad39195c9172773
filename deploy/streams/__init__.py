"""minhbach stream: how full the streams of NATS are, and clearing what every follower has applied."""
