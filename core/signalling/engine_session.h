#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "core/base/fifo.h"
#include "core/signalling/door.h"
#include "core/signalling/engine_io_packet.h"
#include "sluice/time.h"

namespace sluice {

/// Intervals and bounds of an Engine.IO session; the defaults are those of the reference server.
struct EngineIoOptions {
  std::chrono::milliseconds ping_interval{25'000};
  std::chrono::milliseconds ping_timeout{20'000};
  std::chrono::milliseconds upgrade_timeout{10'000};
  /// How long a closing polling session waits for the GET that takes its last packets.
  std::chrono::milliseconds close_linger{10'000};
  /// Of a POST and of a WebSocket message; told to the client, which splits its POSTs by it.
  std::size_t max_payload_bytes = 1'000'000;
  /// Packets and bytes that wait for a client's next GET; more ends the session.
  std::size_t max_buffered_packets = 4096;
  std::size_t max_buffered_bytes = std::size_t{4} << 20U;
};

/// A GET's answer grows no longer than this once it holds a packet; the rest goes with the next one.
inline constexpr std::size_t kMaxPollAnswerBytes = std::size_t{1} << 20U;

/// One Engine.IO session (revision 4): heartbeat, polling, WebSocket, and the upgrade from one to the other.
///
///     client                                gateway
///       GET                       ->          0{"sid":...}            handshake by polling
///       WebSocket ?sid=           ->                                  the probe socket
///       2probe                    ->          3probe, and 6 releases the waiting GET
///       5                         ->                                  the probe becomes the main socket
///
/// Sans-I/O: it is told what arrived and when, and its outputs are drained after each call. Two POSTs cannot overlap
/// here, for each is handed over whole; two waiting GETs can, and end the session.
class EngineSession {
 public:
  enum class Opening : std::uint8_t { polling, web_socket };
  /// `main` carries the session; `probe` is the WebSocket of an upgrade that is not complete.
  enum class Socket : std::uint8_t { main, probe };
  enum class HttpVerdict : std::uint8_t { accepted, refused };

  /// Answer the waiting GET.
  struct AnswerPoll {
    std::string body;
  };
  struct SendFrame {
    Socket socket = Socket::main;
    SharedFrame frame;
  };
  struct CloseSocket {
    Socket socket = Socket::main;
    CloseCode code = CloseCode::normal;
  };
  /// The probe is the main socket from here on.
  struct Promote {};
  /// A message for the layer above: a Socket.IO packet.
  struct Deliver {
    std::string message;
  };
  /// The last output.
  struct Ended {
    DisconnectReason reason = DisconnectReason::client_left;
  };
  using Output = std::variant<AnswerPoll, SendFrame, CloseSocket, Promote, Deliver, Ended>;

  /// @param sid  Unguessable: whoever knows it can speak in the session.
  EngineSession(std::string sid, Opening opening, const EngineIoOptions& options, Instant now);

  [[nodiscard]] const std::string& sid() const noexcept { return sid_; }
  [[nodiscard]] bool ended() const noexcept { return state_ == State::ended; }

  /// A GET. `accepted`: an AnswerPoll follows, now or later. `refused`: answer 400.
  [[nodiscard]] HttpVerdict handle_poll();
  /// The connection of the waiting GET is gone, and with it what it might have carried.
  void handle_poll_lost();
  /// A whole POST. `accepted`: answer "ok".
  [[nodiscard]] HttpVerdict handle_post(std::string_view payload, Instant now);

  /// A WebSocket with this session's sid. False: no upgrade is possible now; close it.
  [[nodiscard]] bool handle_probe_open(Instant now);
  void handle_text(Socket socket, std::string_view text, Instant now);
  void handle_socket_closed(Socket socket, DisconnectReason reason);

  /// @param packet  A whole Engine.IO message packet, "4...".
  void send(SharedFrame packet);
  /// Ends the session after what is buffered has been sent.
  void close(CloseCode code, DisconnectReason reason, Instant now);

  [[nodiscard]] std::optional<Instant> next_timeout() const noexcept;
  void handle_timeout(Instant now);

  [[nodiscard]] std::optional<Output> next_output();

 private:
  enum class State : std::uint8_t { open, closing, ended };
  enum class Upgrade : std::uint8_t { none, opened, probed };

  [[nodiscard]] SharedFrame open_packet() const;
  [[nodiscard]] bool is_polling() const noexcept { return transport_ == Opening::polling; }
  /// False: the session ended.
  bool handle_packet(const EngineIoPacket& packet, Instant now);
  void handle_probe_packet(std::string_view text);
  void promote();
  void drop_probe();
  void flush();
  void release_poll(std::string body);
  void end(DisconnectReason reason, CloseCode code = CloseCode::normal, std::string_view poll_body = "1");

  std::string sid_;
  EngineIoOptions options_;
  Opening transport_;
  State state_ = State::open;
  Upgrade upgrade_ = Upgrade::none;
  bool poll_waiting_ = false;
  DisconnectReason closing_reason_ = DisconnectReason::server_closed;

  std::optional<Instant> ping_due_;
  std::optional<Instant> pong_deadline_;
  std::optional<Instant> upgrade_deadline_;
  std::optional<Instant> linger_deadline_;

  Fifo<SharedFrame> buffer_;
  std::size_t buffered_bytes_ = 0;
  Fifo<Output> outputs_;
};

}  // namespace sluice
