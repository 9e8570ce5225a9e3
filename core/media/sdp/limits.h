#pragma once

#include <cstddef>

/// How much of a session description is kept. A text that holds more is refused: browsers stay far below.
namespace sluice::sdp {

inline constexpr std::size_t kMaxLineBytes = 4096;
inline constexpr std::size_t kMaxFormats = 128;      ///< of an m-line: there are 128 payload types
inline constexpr std::size_t kMaxExtensions = 64;    ///< of an m-section, those of the session included
inline constexpr std::size_t kMaxSources = 64;       ///< SSRCs of an m-section
inline constexpr std::size_t kMaxGroups = 32;        ///< ssrc-groups of an m-section
inline constexpr std::size_t kMaxGroupSources = 16;  ///< SSRCs of one ssrc-group
inline constexpr std::size_t kMaxRids = 16;          ///< of an m-section
inline constexpr std::size_t kMaxCandidates = 64;    ///< of an m-section
/// Of a client until it restarts ICE, those that trickle included.
inline constexpr std::size_t kMaxTrickledCandidates = 256;
/// MIDs that a session ever had. None is used twice, so that a session that recycles for ever must end.
inline constexpr std::size_t kMaxMids = 8192;

}  // namespace sluice::sdp
