#include "core/media/ice/ice_lite.h"

#include <cassert>
#include <utility>

namespace sluice {
namespace {

// A peer repeats its checks every 2.5 s or faster. A USE-CANDIDATE on a tuple that carried one within this time is the
// same nomination again, not a change of mind.
constexpr Duration kNominationMemory = std::chrono::seconds{5};

IceDrop drop_reason(StunParseError error) noexcept {
  const bool fingerprint = error == StunParseError::no_fingerprint || error == StunParseError::wrong_fingerprint;
  return fingerprint ? IceDrop::wrong_fingerprint : IceDrop::malformed;
}

// RFC 8445 section 7.2.2: USERNAME of a check is the ufrag of who receives it, a colon, the ufrag of who sends it.
bool is_username(std::string_view username, std::string_view local, std::string_view remote) noexcept {
  if (username.size() <= local.size() || !username.starts_with(local) || username[local.size()] != ':') return false;
  const std::string_view claimed = username.substr(local.size() + 1);
  return remote.empty() ? is_valid_ufrag(claimed) : claimed == remote;
}

}  // namespace

IceLite::IceLite(IceCredentials local, const IceLiteConfig& config, Instant now)
    : config_{config},
      current_{.local = std::move(local), .remote_ufrag = {}},
      connect_deadline_{now + config.connect_timeout} {
  assert(is_valid_ufrag(current_.local.ufrag) && is_valid_ice_password(current_.local.pwd));
}

void IceLite::set_remote_ufrag(std::string ufrag) { current_.remote_ufrag = std::move(ufrag); }

const IceTuple* IceLite::selected() const noexcept {
  const ValidTuple* valid = tuples_.selected();
  return valid == nullptr ? nullptr : &valid->tuple;
}

IceLite::Reaction IceLite::handle_stun(Bytes packet, const IceTuple& from, Instant now,
                                       MutableBytes response_buffer) noexcept {
  const auto message = StunMessage::parse(packet);
  if (!message) return drop(drop_reason(message.error()));
  if (!message->is_binding()) return drop(IceDrop::not_binding);

  switch (message->message_class()) {
    case StunClass::request:
      return handle_request(*message, from, now, response_buffer);
    case StunClass::indication:
      return drop(IceDrop::indication);
    case StunClass::success:
    case StunClass::error:
      break;
  }
  return drop(IceDrop::unexpected_response);
}

// The order of the questions is that of RFC 8489 section 9.1.3, then 6.3.1, then RFC 8445 section 7.3.1.
IceLite::Reaction IceLite::handle_request(const StunMessage& request, const IceTuple& from, Instant now,
                                          MutableBytes buffer) noexcept {
  if (state_ == IceState::failed) return drop(IceDrop::failed);
  if (request.username().empty() || !request.has_integrity()) {
    return reject(request, IceDrop::no_credentials, StunErrorCode::bad_request, buffer);
  }
  Generation* generation = generation_of(request.username());
  if (generation == nullptr) return reject(request, IceDrop::wrong_username, StunErrorCode::unauthorized, buffer);
  if (request.check_integrity(generation->local.pwd) != StunIntegrity::valid) {
    return reject(request, IceDrop::wrong_integrity, StunErrorCode::unauthorized, buffer);
  }

  if (request.has_unknown_attributes()) {
    return reject_authenticated(request, IceDrop::unknown_attribute, StunErrorCode::unknown_attribute, *generation,
                                buffer);
  }
  // RFC 8445 section 6.1.1: the full agent controls, whoever made the offer. A lite agent cannot switch roles.
  if (request.ice_controlled()) {
    return reject_authenticated(request, IceDrop::role_conflict, StunErrorCode::role_conflict, *generation, buffer);
  }

  Reaction reaction{.response = write_binding_success(request, from.remote, generation->local.pwd, buffer)};
  generation->used = true;
  if (generation == &current_ && request.use_candidate()) retire_previous(reaction);
  accept(request, from, now, reaction);
  return reaction;
}

void IceLite::accept(const StunMessage& check, const IceTuple& from, Instant now, Reaction& reaction) noexcept {
  ++counters_.checks_accepted;
  const IceTuple before = selected() == nullptr ? IceTuple{} : *selected();
  const IceState state_before = state_;

  note_tuple(check, from, now, reaction);
  if (check.use_candidate()) {
    nominate(from, now);
    state_ = IceState::completed;
  } else if (state_ != IceState::completed) {
    tuples_.select_highest_priority();
    state_ = IceState::connected;
  }

  reaction.selection_changed = before != *selected();
  if (reaction.selection_changed) ++counters_.selections;
  reaction.state_changed = state_ != state_before;
}

void IceLite::note_tuple(const StunMessage& check, const IceTuple& from, Instant now, Reaction& reaction) noexcept {
  const std::uint32_t priority = check.priority().value_or(0);
  if (ValidTuple* known = tuples_.find(from)) {
    known->priority = priority;
    known->last_check = now;
    return;
  }
  reaction.tuple_added = true;
  reaction.removed = tuples_.add({.tuple = from, .priority = priority, .last_check = now, .nominated = {}});
  if (reaction.removed) ++counters_.tuples_evicted;
}

// The most recent nomination wins: so the peer moves to another network. But a peer of RFC 5245 that nominates
// aggressively puts USE-CANDIDATE on the checks of several tuples at once; among those the highest priority wins,
// else the selection would change with each check.
void IceLite::nominate(const IceTuple& from, Instant now) noexcept {
  ValidTuple& tuple = *tuples_.find(from);
  const ValidTuple* current = tuples_.selected();
  const bool competes = current != nullptr && is_repetition(tuple, now) && is_repetition(*current, now);
  if (!competes || tuple.priority > current->priority) tuples_.select(from);
  tuple.nominated = now;
}

bool IceLite::is_repetition(const ValidTuple& tuple, Instant now) const noexcept {
  return tuple.nominated && now - *tuple.nominated < kNominationMemory;
}

void IceLite::retire_previous(Reaction& reaction) noexcept {
  if (!previous_) return;
  retired_ufrag_.swap(previous_->local.ufrag);
  previous_.reset();
  reaction.old_ufrag_retired = true;
  tuples_.forget_nominations();
}

IceLite::Expiry IceLite::handle_timeout(Instant now) noexcept {
  Expiry expiry;
  const IceState state_before = state_;
  const bool had_selection = selected() != nullptr;
  while (const auto removed = tuples_.remove_silent_since(now - config_.consent_timeout)) {
    expiry.removed[expiry.removed_count++] = *removed;
    ++counters_.tuples_expired;
  }
  if (had_selection && selected() == nullptr) replace_lost_selection(expiry);
  if (state_ == IceState::fresh && now >= connect_deadline_) state_ = IceState::failed;
  expiry.state_changed = state_ != state_before;
  return expiry;
}

// What is left is valid, though not nominated: media goes there until the peer nominates again.
void IceLite::replace_lost_selection(Expiry& expiry) noexcept {
  tuples_.select_highest_priority();
  expiry.selection_changed = true;
  state_ = tuples_.empty() ? IceState::disconnected : IceState::connected;
}

IceLite::Expiry IceLite::remove_tuple(const IceTuple& tuple) noexcept {
  Expiry expiry;
  if (!is_valid(tuple)) return expiry;
  const IceState state_before = state_;
  const bool was_selected = *selected() == tuple;
  tuples_.remove(tuple);
  expiry.removed[expiry.removed_count++] = tuple;
  if (was_selected) replace_lost_selection(expiry);
  expiry.state_changed = state_ != state_before;
  return expiry;
}

std::optional<Instant> IceLite::next_timeout() const noexcept {
  if (state_ == IceState::fresh) return connect_deadline_;
  const auto oldest = tuples_.oldest_check();
  if (!oldest) return std::nullopt;
  return *oldest + config_.consent_timeout;
}

std::optional<std::string> IceLite::restart(IceCredentials local, Instant now) {
  assert(is_valid_ufrag(local.ufrag) && is_valid_ice_password(local.pwd));
  ++counters_.restarts;
  std::optional<std::string> overtaken;
  if (previous_ && !current_.used) {
    overtaken = std::move(current_.local.ufrag);
  } else {
    if (previous_) overtaken = std::move(previous_->local.ufrag);
    previous_ = std::move(current_);
  }
  current_ = {.local = std::move(local), .remote_ufrag = {}};
  if (tuples_.empty()) {
    state_ = IceState::fresh;
    connect_deadline_ = now + config_.connect_timeout;
  }
  return overtaken;
}

IceLite::Generation* IceLite::generation_of(std::string_view username) noexcept {
  if (is_username(username, current_.local.ufrag, current_.remote_ufrag)) return &current_;
  if (previous_ && is_username(username, previous_->local.ufrag, previous_->remote_ufrag)) return &*previous_;
  return nullptr;
}

IceLite::Reaction IceLite::drop(IceDrop reason) noexcept {
  ++counters_.drops[static_cast<std::size_t>(reason)];
  return {.drop = reason};
}

// The source of an unauthenticated request may be forged, so that the answer must not be larger than the question.
IceLite::Reaction IceLite::reject(const StunMessage& request, IceDrop reason, StunErrorCode code,
                                  MutableBytes buffer) noexcept {
  Reaction reaction = drop(reason);
  const Bytes response = write_binding_error(request, code, {}, buffer);
  if (response.size() > request.bytes().size()) {
    ++counters_.errors_withheld;
    return reaction;
  }
  ++counters_.errors_sent;
  reaction.response = response;
  return reaction;
}

IceLite::Reaction IceLite::reject_authenticated(const StunMessage& request, IceDrop reason, StunErrorCode code,
                                                const Generation& generation, MutableBytes buffer) noexcept {
  Reaction reaction = drop(reason);
  ++counters_.errors_sent;
  reaction.response = write_binding_error(request, code, generation.local.pwd, buffer);
  return reaction;
}

std::string_view to_string(IceState state) noexcept {
  switch (state) {
    case IceState::fresh:
      return "new";
    case IceState::connected:
      return "connected";
    case IceState::completed:
      return "completed";
    case IceState::disconnected:
      return "disconnected";
    case IceState::failed:
      return "failed";
  }
  return "unknown";
}

}  // namespace sluice
