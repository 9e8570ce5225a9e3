#include "core/signalling/outbound_event.h"

#include <algorithm>

#include "core/signalling/plain_frame.h"
#include "core/signalling/socket_io_packet.h"

namespace sluice {

SharedFrame OutboundEvent::plain_frame() const {
  const std::lock_guard lock{mutex_};
  if (!plain_) plain_ = std::make_shared<const std::string>(plain_event_frame(name_, data_));
  return plain_;
}

SharedFrame OutboundEvent::socket_io_frame(std::string_view name_space) const {
  const std::lock_guard lock{mutex_};
  const auto found = std::ranges::find(socket_io_, name_space, &NamespaceFrame::name_space);
  if (found != socket_io_.end()) return found->frame;
  auto frame = std::make_shared<const std::string>(socket_io_event_frame(name_space, name_, data_));
  socket_io_.push_back({std::string{name_space}, frame});
  return frame;
}

}  // namespace sluice
