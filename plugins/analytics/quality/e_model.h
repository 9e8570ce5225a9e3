#pragma once

/// How speech sounds to a person, computed from a network's figures: the E-model of ITU-T G.107 (06/2015), with its
/// default values but for what a network changes. Pure functions of numbers.
namespace sluice::analytics {

/// The way of the sound from a mouth to an ear.
struct SpeechPath {
  double one_way_ms = 0;  ///< mouth to ear, with coding and the jitter buffer (Ta of clause 7.4)
  double loss = 0;        ///< 0 to 1: packets that never came, or came too late
};

/// The rating R of clause 7.1, 0 to 100: R0 - Is - Id - Ie,eff + A.
[[nodiscard]] double rating_of(const SpeechPath& path) noexcept;

/// The mean opinion score that is expected of a rating (Annex B): 1, bad, to 4.5, as good as it gets.
[[nodiscard]] double opinion_of(double rating) noexcept;

/// What of the delay is known to us: the way of the packets. The rest is assumed.
struct Hop {
  double round_trip_ms = 0;
  double jitter_ms = 0;
  double jitter_buffer_ms = -1;  ///< as it is measured; negative: not known, assumed from the jitter
};
/// Half of the round trip, the jitter buffer and the codec. Of one participant's way to the gateway or from it: the way
/// of whom it talks to is that one's.
[[nodiscard]] double one_way_ms(const Hop& hop) noexcept;

}  // namespace sluice::analytics
