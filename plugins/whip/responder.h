#pragma once

#include <string>

#include "options.h"
#include "sluice/http.h"
#include "sluice/metrics.h"

namespace sluice::whip {

enum class Door : std::uint8_t { whip, whep };
[[nodiscard]] constexpr std::string_view to_string(Door door) noexcept { return door == Door::whip ? "whip" : "whep"; }

/// A refusal whose HTTP status says more than its code: 412, 413, 415, 428.
class Refusal : public Error {
 public:
  Refusal(int http_status, ErrorCode code, const std::string& message, json::object details = {})
      : Error{code, message, std::move(details)}, status{http_status} {}
  const int status;
};

/// The status that stands for an error at these doors. As everywhere, but that whoever finds the gateway or the room
/// full, or waits in vain, is told to come again: 503 (RFC 9725 section 4.5).
[[nodiscard]] int status_of(const Error& error) noexcept;

/// The answer to one request, counted. Destroyed without one it answers that the session has ended.
class Responder {
 public:
  Responder(HttpReply reply, Metrics& metrics, const Options& options, Door door, std::string method)
      : reply_{std::move(reply)}, metrics_{&metrics}, options_{&options}, door_{door}, method_{std::move(method)} {}
  Responder(Responder&& other) noexcept;
  Responder& operator=(Responder&&) = delete;
  ~Responder();

  void send(HttpReply::Response response);
  void fail(const Error& error);

 private:
  HttpReply reply_;
  Metrics* metrics_;
  const Options* options_;
  Door door_;
  std::string method_;
  bool open_ = true;
};

}  // namespace sluice::whip
