#include "peer_connection.h"

#include <utility>

#include "context.h"
#include "live_room.h"
#include "offered_sections.h"
#include "refusal.h"
#include "slot_sections.h"
#include "sluice/log.h"
#include "subscriptions.h"
#include "transports.h"

namespace sluice::videoroom {

void PeerConnection::offer(const OfferSdp& request, Reply reply) {
  if (being_made_) throw Error{ErrorCode::conflict, "your first offer is not answered yet"};
  // Nothing brings such a transport back, whatever the offer says: a new one, and a new session.
  if (transport_ != nullptr && transport_->state() == TransportState::failed) discard();
  if (transport_ != nullptr) return reply.ok(take(request));

  being_made_ = true;
  auto ready = [this, request, reply = std::move(reply)](Transport* transport) mutable {
    if (transport == nullptr) return reply.fail(ErrorCode::not_in_room, "you have left the room meanwhile");
    being_made_ = false;
    begin(*transport, request, std::move(reply));
  };
  try {
    transports_.make_for_sdp(std::move(ready));
  } catch (...) {
    being_made_ = false;
    throw;
  }
}

void PeerConnection::begin(Transport& transport, const OfferSdp& request, Reply reply) {
  transport_ = &transport;
  fixed_ = request.fixed.value_or(false);
  wish_ = {};
  publish_ = true;
  const auto early = std::exchange(early_candidates_, {});
  try {
    session_ = member_.live_room().router().create_sdp_session(transport);
    if (fixed_) {
      receiving_ = std::make_unique<SlotSections>(member_, subscriptions_);
    } else {
      receiving_ = std::make_unique<OfferedSections>(member_, subscriptions_);
    }
    json::object answer = take(request);
    add_early(early);
    reply.ok(std::move(answer));
  } catch (const Error& error) {
    discard();
    reply.fail(error);
  } catch (...) {
    discard();
    throw;
  }
}

// Their events were answered when they came; one that is no good must not cost the offer that is taken by now.
void PeerConnection::add_early(const std::vector<std::string>& candidates) {
  for (const std::string& candidate : candidates) {
    try {
      session_->add_candidate(candidate);
    } catch (const Error& error) {
      context_.host.log().debug(
          "an early candidate is refused",
          {{"room", member_.live_room().id()}, {"participant", member_.id()}, {"error", error.what()}});
    }
  }
}

json::object PeerConnection::take(const OfferSdp& request) {
  check_wish(request);
  const SdpOffer offer = session_->read_offer(request.sdp);
  offered_.clear();
  if (offer.rolled_back) receiving_->roll_back();
  if (request.publish) publish_ = *request.publish;
  try {
    sending_.follow(*transport_, publish_ ? offer.sending : std::vector<SdpSending>{},
                    request.sources.value_or(SendingSections::Sources{}));
  } catch (...) {
    if (session_ != nullptr) session_->refuse_offer();
    room_changed();  // an offer of ours that was rolled back is due again
    throw;
  }
  // By a plugin that heard of one of the tracks.
  if (member_.gone()) throw Error{ErrorCode::not_in_room, "you have left the room meanwhile"};
  if (request.subscribe) wish_.subscribe = *request.subscribe;
  if (request.participant_id) wish_.participant_id = *request.participant_id;
  receiving_->want(wish_);
  receiving_->follow(*transport_, offer.receiving);
  json::object answer{{"sdp", session_->answer(sending_.accepted(), receiving_->tracks())}};
  tell_tracks();
  room_changed();  // what has no section yet is offered next
  return answer;
}

// Who was there and has left may be asked for on; ids are never used again, so that nobody else can be waited for.
void PeerConnection::check_wish(const OfferSdp& request) const {
  if (!request.participant_id || request.participant_id->empty()) return;
  if (*request.participant_id == wish_.participant_id) return;
  if (member_.live_room().find(*request.participant_id) == nullptr) {
    refuse_unknown("participant", *request.participant_id);
  }
}

void PeerConnection::answer(const AnswerSdp& request) {
  const std::vector<std::string> refused = session().read_answer(request.sdp);
  offered_.clear();
  receiving_->settle(refused);
  tell_tracks();
  room_changed();
}

void PeerConnection::add_candidate(const AddCandidate& request) {
  if (!being_made_) return session().add_candidate(request.candidate);
  demand_room_for_one_more(early_candidates_.size(), static_cast<int>(kMaxEarlyCandidates), "early candidates");
  early_candidates_.push_back(request.candidate);
}

json::object PeerConnection::read_fragment(const SdpFragment& request) {
  json::object out;
  if (const auto fragment = session().read_fragment(request.fragment)) out["fragment"] = *fragment;
  return out;
}

SdpSession& PeerConnection::session() const {
  if (session_ == nullptr) throw Error{ErrorCode::conflict, "make an offer first"};
  return *session_;
}

void PeerConnection::room_changed() {
  if (session_ == nullptr || std::exchange(update_due_, true)) return;
  update_timer_ = context_.host.timers().after(Duration::zero(), [this] { update(); });
}

void PeerConnection::update() {
  update_due_ = false;
  if (session_ == nullptr) return;
  // Nobody is there to answer. Who takes no offers need not be: its slots are filled all the same.
  if (member_.away() && !fixed_) return;
  const bool repeat = std::exchange(repeat_, false);
  if (repeat) told_ = {};
  // While the client has an offer to answer, what it is shown stays; the answer brings us back here.
  const bool offer = !session_->offering() && receiving_->update(*transport_, *session_);
  tell_tracks();
  if (offer) offered_ = session_->offer(sending_.accepted(), receiving_->tracks());
  if (offer || (repeat && session_->offering())) member_.send("sdp:offer", json::object{{"sdp", offered_}});
}

void PeerConnection::returned() {
  repeat_ = true;
  room_changed();
}

void PeerConnection::tell_tracks() {
  json::array tracks = receiving_->report();
  if (tracks == told_) return;
  told_ = tracks;
  member_.send("sdp:tracks", json::object{{"tracks", std::move(tracks)}});
}

void PeerConnection::transport_changed(TransportState state) {
  if (state != TransportState::failed && state != TransportState::closed) return;
  // Who takes no offers has no events to mend it with either: a door for one publisher, or one player.
  if (fixed_) return member_.lose_media(state == TransportState::failed ? "transport_failed" : "transport_closed");
  if (state == TransportState::closed) discard();
}

void PeerConnection::discard() {
  if (member_.gone()) return;  // all of it is closed
  update_timer_.cancel();
  update_due_ = false;
  offered_.clear();
  told_ = {};
  if (receiving_ != nullptr) receiving_->drop_all();
  receiving_.reset();
  sending_.close_all();
  context_.retired.keep(std::move(session_));  // before its transport
  if (transport_ != nullptr) transports_.discard(*std::exchange(transport_, nullptr));
}

void PeerConnection::close() {
  update_timer_.cancel();
  context_.retired.keep(std::move(session_));
  receiving_.reset();
}

}  // namespace sluice::videoroom
