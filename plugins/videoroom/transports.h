#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "lifetime.h"
#include "requests.h"
#include "sluice/events.h"
#include "sluice/media.h"

namespace sluice::videoroom {

struct Context;
class Member;

/// The transports of one participant: those that it names in events, and the one of its peer connection, which it does
/// not.
class Transports {
 public:
  Transports(Context& context, Member& member) noexcept : context_{context}, member_{member} {}

  struct Entry {
    std::unique_ptr<Transport> transport;
    std::optional<Direction> direction;  ///< none: both, as SDP has it; such a one is the peer connection's to use
  };

  /// Makes one for SDP. `ready` gets it once its candidates are known; null: the participant has left meanwhile, and
  /// is not to be touched any more. Throws LIMIT_EXCEEDED.
  void make_for_sdp(Function<void(Transport*)> ready) { make(std::nullopt, std::move(ready)); }
  void discard(Transport& transport);
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
  void make(std::optional<Direction> direction, Function<void(Transport*)> ready);
  Transport& adopt(std::unique_ptr<Transport> transport, std::optional<Direction> direction);
  void state_changed(const std::string& id, TransportState state, std::string_view reason);

  Context& context_;
  Member& member_;
  std::map<std::string, Entry, std::less<>> entries_;
  std::size_t being_made_ = 0;
  Lifeline lifeline_;
};

}  // namespace sluice::videoroom
