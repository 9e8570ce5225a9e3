#pragma once

#include <boost/beast/http.hpp>
#include <cstdint>
#include <optional>
#include <string>

#include "core/net/http_message.h"
#include "core/net/streamed_answer.h"
#include "sluice/result.h"

namespace sluice::net {

namespace http = boost::beast::http;

/// Why a parsed message is no request of ours.
enum class RequestError : std::uint8_t {
  unknown_method,  ///< 501
  bad_target,      ///< 400
  bad_host,        ///< 400: HTTP/1.1 without exactly one Host (RFC 9112 section 3.2)
  bad_header       ///< 400
};

/// Reads a request off Beast's message, whose body moves.
[[nodiscard]] Result<HttpRequest, RequestError> from_beast(http::request<http::string_body>& message,
                                                           const SocketAddress& remote, bool tls);

enum class BodyMode : std::uint8_t { send, omit };  // omit: the answer to HEAD
enum class KeepAlive : std::uint8_t { no, yes };

/// An answer in Beast's form, ready to be written. The shared body is referred to, not copied: `response` must live
/// until it is written. Nothing if the response's file cannot be opened.
[[nodiscard]] std::optional<http::message_generator> to_beast(const HttpResponse& response, unsigned version,
                                                              BodyMode mode, KeepAlive keep_alive);

/// The head of an answer that is written bit by bit, in the form of the wire.
[[nodiscard]] std::string stream_head(const HttpResponse& response, unsigned version, StreamFraming framing,
                                      KeepAlive keep_alive);

}  // namespace sluice::net
