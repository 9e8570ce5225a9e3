// Frames of the plain WebSocket door: whatever comes in, what goes out is JSON.
#include <boost/json/parse.hpp>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "core/signalling/event_name.h"
#include "core/signalling/plain_frame.h"

namespace {

void must_be_json(std::string_view text) {
  boost::system::error_code error;
  static_cast<void>(boost::json::parse(text, error));
  if (error) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): bytes as characters
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  const auto frame = sluice::parse_plain_frame(text);
  if (!frame) {
    const auto& error = frame.error();
    must_be_json(sluice::plain_event_frame("error", sluice::error_event_data(error.event, error.error)));
    if (error.id) must_be_json(sluice::plain_ack_frame(*error.id, error.error));
    return 0;
  }
  if (!sluice::is_event_name(frame->event)) std::abort();
  must_be_json(sluice::plain_event_frame(frame->event, frame->data));
  if (frame->id) must_be_json(sluice::plain_ack_frame(*frame->id, frame->data));
  return 0;
}
