#pragma once

#include <boost/json/value.hpp>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "core/base/fifo.h"
#include "core/signalling/event_gate.h"
#include "core/signalling/plain_frame.h"
#include "sluice/time.h"

namespace sluice {

/// Events that wait for the gateway's answer to on_connect; more are answered LIMIT_EXCEEDED.
inline constexpr std::size_t kMaxHeldEvents = 64;

/// One client of the plain WebSocket door. Sans-I/O: texts in, outputs drained after each call.
///
/// A frame that cannot be read is answered with an error, and the connection lives; who does not stop is closed with
/// 1008.
class PlainSession {
 public:
  struct EventReceived {
    std::string event;
    boost::json::value data;
    std::optional<AckId> ack;
  };
  struct Send {
    SharedFrame frame;
  };
  struct Close {
    CloseCode code = CloseCode::normal;
    std::string reason;
    DisconnectReason why = DisconnectReason::server_closed;
  };
  using Output = std::variant<EventReceived, Send, Close>;

  PlainSession(const EventLimits& limits, Instant now) : gate_{limits, now} {}

  void handle_text(std::string_view text, Instant now);

  void accept();
  void refuse(const Error& error);
  void close(CloseCode code, std::string reason, DisconnectReason why);

  [[nodiscard]] bool accepted() const noexcept { return state_ == State::accepted; }
  [[nodiscard]] std::optional<Output> next_output();

 private:
  enum class State : std::uint8_t { asked, accepted, closed };

  void answer_error(const std::optional<AckId>& id, std::string_view event, const Error& error);
  void send(std::string frame);

  EventGate gate_;
  State state_ = State::asked;
  Fifo<EventReceived> held_;
  Fifo<Output> outputs_;
};

}  // namespace sluice
