// An Engine.IO session under hostile input: each byte picks a call, and the bytes after it are its text.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "core/base/byte_reader.h"
#include "core/signalling/engine_session.h"

namespace {

using sluice::EngineSession;

std::string take_text(sluice::ByteReader& in) {
  const std::size_t length = in.u8() % (in.remaining() + 1);
  const sluice::Bytes bytes = in.bytes(length);
  return {bytes.begin(), bytes.end()};
}

/// No output follows the end, and the waiting GET is answered at most once.
class Watch {
 public:
  void poll_accepted() {
    if (waiting_) std::abort();
    waiting_ = true;
  }
  void poll_lost() { waiting_ = false; }
  void drain(EngineSession& session) {
    while (const auto output = session.next_output()) {
      if (ended_) std::abort();
      if (std::holds_alternative<EngineSession::AnswerPoll>(*output)) {
        if (!waiting_) std::abort();
        waiting_ = false;
      }
      ended_ = std::holds_alternative<EngineSession::Ended>(*output);
    }
    if (session.ended() && (waiting_ || session.next_timeout())) std::abort();
  }

 private:
  bool waiting_ = false;
  bool ended_ = false;
};

void act(EngineSession& session, Watch& watch, sluice::ByteReader& in, sluice::Instant& now) {
  const auto socket = [&] { return (in.u8() & 1) != 0 ? EngineSession::Socket::main : EngineSession::Socket::probe; };
  switch (in.u8() % 9) {
    case 0:
      if (session.handle_poll() == EngineSession::HttpVerdict::accepted) watch.poll_accepted();
      break;
    case 1:
      static_cast<void>(session.handle_post(take_text(in), now));
      break;
    case 2:
      static_cast<void>(session.handle_probe_open(now));
      break;
    case 3: {
      const auto which = socket();
      session.handle_text(which, take_text(in), now);
      break;
    }
    case 4:
      session.handle_socket_closed(socket(), sluice::DisconnectReason::transport_lost);
      break;
    case 5:
      session.send(std::make_shared<const std::string>("4" + take_text(in)));
      break;
    case 6:
      session.close(sluice::CloseCode::normal, sluice::DisconnectReason::server_closed, now);
      break;
    case 7:
      watch.poll_lost();
      session.handle_poll_lost();
      break;
    default:
      now += std::chrono::milliseconds{in.u16()};
      session.handle_timeout(now);
      break;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  sluice::ByteReader in{{data, size}};
  sluice::Instant now{};
  sluice::EngineIoOptions options;
  options.max_payload_bytes = 128;
  options.max_buffered_packets = 16;
  const auto opening = (in.u8() & 1) != 0 ? EngineSession::Opening::web_socket : EngineSession::Opening::polling;
  EngineSession session{"sid", opening, options, now};
  Watch watch;
  watch.drain(session);
  while (in.remaining() > 0) {
    act(session, watch, in, now);
    watch.drain(session);
  }
  return 0;
}
