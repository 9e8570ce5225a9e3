// Precompiled for the signalling parts: Asio and Beast, and what of the standard library they pull in.
#pragma once

#include <boost/asio.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/websocket.hpp>
