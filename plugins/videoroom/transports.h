#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "lifetime.h"
#include "requests.h"
#include "sluice/events.h"
#include "sluice/media.h"

namespace sluice::videoroom {

struct Context;
class Member;

/// The transports of one participant.
class Transports {
 public:
  Transports(Context& context, Member& member) noexcept : context_{context}, member_{member} {}

  struct Entry {
    std::unique_ptr<Transport> transport;
    Direction direction;
  };

  /// Answers once the candidates are known, which takes a while where the gateway runs full ICE.
  void create(const CreateTransport& request, Reply reply);
  void connect(const ConnectTransport& request);
  [[nodiscard]] json::object restart_ice(const TransportName& request);
  void close(const TransportName& request);
  /// Closes every transport, and with them what they carry.
  void close_all();

  /// Throws NOT_FOUND, or CONFLICT where the transport was made for the other direction.
  [[nodiscard]] Transport& for_media(const Id& id, Direction direction);
  [[nodiscard]] const std::map<std::string, Entry, std::less<>>& entries() const noexcept { return entries_; }

 private:
  [[nodiscard]] Entry& find(const Id& id);
  void adopt(std::unique_ptr<Transport> transport, Direction direction, Reply reply);
  void state_changed(const std::string& id, TransportState state, std::string_view reason);

  Context& context_;
  Member& member_;
  std::map<std::string, Entry, std::less<>> entries_;
  std::size_t being_made_ = 0;
  Lifeline lifeline_;
};

}  // namespace sluice::videoroom
