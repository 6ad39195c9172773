"""A quarter of Quảng Ngãi in a minute: real servers, real services, real mail, and a clock that is moved."""
