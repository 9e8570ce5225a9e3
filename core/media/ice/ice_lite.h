#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/base/byte_reader.h"
#include "core/media/ice/ice_counters.h"
#include "core/media/ice/ice_credentials.h"
#include "core/media/ice/ice_tuple.h"
#include "core/media/ice/stun_message.h"
#include "core/media/ice/valid_tuples.h"
#include "sluice/time.h"

namespace sluice {

enum class IceState : std::uint8_t {
  fresh,         ///< nobody has proved anything yet
  connected,     ///< some tuple is valid; the one of highest priority is selected until the peer nominates
  completed,     ///< the peer has nominated
  disconnected,  ///< consent is lost; a further check brings the transport back
  failed         ///< never connected in time; only restart() helps
};

struct IceLiteConfig {
  /// From construction or restart() to the first valid tuple.
  Duration connect_timeout = std::chrono::seconds{30};
  /// RFC 7675 section 5.1: consent expires after 30 seconds without a check. Counted per tuple.
  Duration consent_timeout = std::chrono::seconds{30};
};

/// The ICE agent of one transport with a public address: it answers connectivity checks and sends none (RFC 8445
/// section 2.5). The peer is a full agent, so that this one is always controlled.
///
/// Sans I/O: feed it the STUN datagrams of the transport, send what it returns, call handle_timeout() at
/// next_timeout(). Worker thread only; nothing here blocks, and nothing is allocated but by the constructor and
/// restart().
class IceLite {
 public:
  /// What one STUN datagram led to. Drain it before the next call.
  struct Reaction {
    Bytes response{};                   ///< to be sent back to the source; empty: stay silent
    std::optional<IceDrop> drop{};      ///< why the datagram changed nothing
    bool tuple_added = false;           ///< the source is valid from now on
    std::optional<IceTuple> removed{};  ///< had to make room for the source: not valid any more
    bool selection_changed = false;     ///< see selected()
    bool state_changed = false;         ///< see state()
    bool old_ufrag_retired = false;     ///< the peer has nominated with the restarted credentials: see retired_ufrag()
  };

  /// What the passing of time, or the loss of a tuple, led to.
  struct Expiry {
    std::array<IceTuple, kMaxValidTuples> removed{};  ///< not valid any more: the first `removed_count`
    std::size_t removed_count = 0;
    bool selection_changed = false;
    bool state_changed = false;
  };

  /// @param local  Must satisfy is_valid_ufrag() and is_valid_ice_password().
  IceLite(IceCredentials local, const IceLiteConfig& config, Instant now);

  /// From now on USERNAME must end in this ufrag. Without it (a peer whose credentials are never signalled, as
  /// mediasoup-client's) any ufrag is taken: the password is what authenticates.
  void set_remote_ufrag(std::string ufrag);

  /// A datagram that classify() calls STUN.
  /// @param response_buffer  At least kStunResponseCapacity bytes; Reaction::response points into it.
  Reaction handle_stun(Bytes packet, const IceTuple& from, Instant now, MutableBytes response_buffer) noexcept;

  /// The tuple cannot be used any more: its TCP connection is gone.
  Expiry remove_tuple(const IceTuple& tuple) noexcept;

  Expiry handle_timeout(Instant now) noexcept;
  [[nodiscard]] std::optional<Instant> next_timeout() const noexcept;

  /// RFC 8445 section 9: new credentials. The old ones are accepted, and media flows on, until the peer nominates with
  /// the new. Two generations at most are accepted: of a restart that is overtaken by another one that is the one which
  /// the peer has used last.
  /// @return The ufrag that went out of use at once, if one did.
  std::optional<std::string> restart(IceCredentials local, Instant now);

  /// Media and DTLS are taken from valid tuples alone.
  [[nodiscard]] bool is_valid(const IceTuple& tuple) const noexcept { return tuples_.find(tuple) != nullptr; }
  /// Where media is sent to; nullptr while there is no valid tuple. Valid until the next call of a mutating function.
  [[nodiscard]] const IceTuple* selected() const noexcept;
  /// selected() follows soon.
  void prefetch_selected() const noexcept { tuples_.prefetch(); }
  [[nodiscard]] IceState state() const noexcept { return state_; }
  [[nodiscard]] const IceCredentials& local_credentials() const noexcept { return current_.local; }
  /// The ufrags that checks may be addressed to; the second one is empty but around a restart.
  [[nodiscard]] std::array<std::string_view, 2> accepted_ufrags() const noexcept {
    return {current_.local.ufrag, previous_ ? std::string_view{previous_->local.ufrag} : std::string_view{}};
  }
  [[nodiscard]] std::span<const ValidTuple> valid_tuples() const noexcept { return tuples_.all(); }
  /// The ufrag that Reaction::old_ufrag_retired speaks of; empty before.
  [[nodiscard]] const std::string& retired_ufrag() const noexcept { return retired_ufrag_; }
  [[nodiscard]] const IceCounters& counters() const noexcept { return counters_; }

 private:
  struct Generation {
    IceCredentials local;
    std::string remote_ufrag;  // empty: any
    bool used = false;         // by the peer
  };

  Generation* generation_of(std::string_view username) noexcept;
  Reaction drop(IceDrop reason) noexcept;
  Reaction reject(const StunMessage& request, IceDrop reason, StunErrorCode code, MutableBytes buffer) noexcept;
  Reaction reject_authenticated(const StunMessage& request, IceDrop reason, StunErrorCode code,
                                const Generation& generation, MutableBytes buffer) noexcept;
  Reaction handle_request(const StunMessage& request, const IceTuple& from, Instant now, MutableBytes buffer) noexcept;
  void accept(const StunMessage& check, const IceTuple& from, Instant now, Reaction& reaction) noexcept;
  void retire_previous(Reaction& reaction) noexcept;
  void note_tuple(const StunMessage& check, const IceTuple& from, Instant now, Reaction& reaction) noexcept;
  void nominate(const IceTuple& from, Instant now) noexcept;
  void replace_lost_selection(Expiry& expiry) noexcept;
  [[nodiscard]] bool is_repetition(const ValidTuple& tuple, Instant now) const noexcept;

  IceLiteConfig config_;
  Generation current_;
  std::optional<Generation> previous_;
  std::string retired_ufrag_;
  ValidTuples tuples_;
  IceState state_ = IceState::fresh;
  Instant connect_deadline_;
  IceCounters counters_;
};

[[nodiscard]] std::string_view to_string(IceState state) noexcept;

}  // namespace sluice
