// The Socket.IO parser, and a session that is fed lines of messages: each event it hands on is fit to be handed on.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "core/signalling/event_name.h"
#include "core/signalling/socket_io_session.h"

namespace {

void check(const sluice::SocketIoSession::Output& output) {
  if (const auto* event = std::get_if<sluice::SocketIoSession::EventReceived>(&output)) {
    if (!sluice::is_event_name(event->event)) std::abort();
    if (event->ns != "/" && event->ns != "/meeting") std::abort();
  }
  if (const auto* send = std::get_if<sluice::SocketIoSession::Send>(&output)) {
    // What we write we can read: the packet after Engine.IO's "4".
    if (!sluice::parse_socket_io_packet(std::string_view{*send->frame}.substr(1))) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): bytes as characters
  std::string_view rest{reinterpret_cast<const char*>(data), size};
  sluice::Instant now{};
  sluice::SocketIoSession session{{}, now};
  while (!rest.empty()) {
    const std::size_t end = rest.find('\n');
    session.handle_message(rest.substr(0, end), now);
    now += std::chrono::milliseconds{1};
    while (const auto output = session.next_output()) {
      check(*output);
      if (const auto* asked = std::get_if<sluice::SocketIoSession::ConnectAsked>(&*output)) {
        session.accept(asked->ns, "sid");
      }
    }
    if (end == std::string_view::npos) break;
    rest.remove_prefix(end + 1);
  }
  return 0;
}
