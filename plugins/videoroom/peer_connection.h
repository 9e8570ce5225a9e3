#pragma once

#include <memory>
#include <string>
#include <vector>

#include "receiving_sections.h"
#include "requests.h"
#include "sending_sections.h"
#include "sluice/events.h"
#include "sluice/timers.h"

namespace sluice::videoroom {

struct Context;
class Member;
class Publications;
class Subscriptions;
class Transports;

/// A participant that speaks SDP instead of mediasoup's vocabulary: the turns of offer and answer, over one transport.
///
/// It comes into being with the client's first offer. What the client sends is published as by `produce`; what it
/// receives follows the room, by offers of ours, or in slots where the client takes none.
class PeerConnection {
 public:
  /// Candidates that come before the transport is there.
  static constexpr std::size_t kMaxEarlyCandidates = 32;

  PeerConnection(Context& context, Member& member, Transports& transports, Publications& publications,
                 Subscriptions& subscriptions) noexcept
      : context_{context},
        member_{member},
        transports_{transports},
        subscriptions_{subscriptions},
        sending_{publications} {}

  /// Answers once the transport's candidates are known. An offer that is refused changes nothing.
  void offer(const OfferSdp& request, Reply reply);
  void answer(const AnswerSdp& request);
  void add_candidate(const AddCandidate& request);
  [[nodiscard]] json::object read_fragment(const SdpFragment& request);

  /// Something was published, has ended, or was paused or resumed. What that means for the client is looked at once,
  /// when the control thread comes round again.
  void room_changed();
  /// `failed` or `closed` of its transport. May take the participant out of the room.
  void transport_changed(TransportState state);
  /// The client is another connection of the same participant. It is told again what the lost one may not have heard.
  void returned();
  void close();

 private:
  void begin(Transport& transport, const OfferSdp& request, Reply reply);
  void add_early(const std::vector<std::string>& candidates);
  [[nodiscard]] json::object take(const OfferSdp& request);
  void check_wish(const OfferSdp& request) const;
  [[nodiscard]] SdpSession& session() const;
  void update();
  void tell_tracks();
  /// Ends all of it; the next offer begins anew.
  void discard();

  Context& context_;
  Member& member_;
  Transports& transports_;
  Subscriptions& subscriptions_;
  SendingSections sending_;
  Transport* transport_ = nullptr;  // owned by transports_; with session_ and receiving_: all or none
  std::unique_ptr<SdpSession> session_;
  std::unique_ptr<ReceivingSections> receiving_;
  ReceivingWish wish_;
  bool publish_ = true;
  bool fixed_ = false;
  bool being_made_ = false;
  std::vector<std::string> early_candidates_;
  std::string offered_;  // our newest offer; empty once it is answered
  json::array told_;     // the tracks that the client was told of last
  bool repeat_ = false;  // the client may not have heard of them
  Timer update_timer_;
  bool update_due_ = false;
};

}  // namespace sluice::videoroom
