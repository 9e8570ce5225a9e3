#pragma once

#include <cstddef>
#include <cstdint>

/// How much a description of media may hold. It comes from the network and is kept per producer and per consumer.
namespace sluice::ortc {

/// Browsers list about 40 codecs in their capabilities; there are 128 payload types.
inline constexpr std::size_t kMaxCapabilityCodecs = 128;
inline constexpr std::size_t kMaxCapabilityExtensions = 64;
/// With RTX: 16 media codecs on one stream.
inline constexpr std::size_t kMaxCodecs = 32;
/// Media codecs of a router; each video codec takes a second payload type for its RTX.
inline constexpr std::size_t kMaxRouterCodecs = 16;
inline constexpr std::size_t kMaxExtensions = 32;
/// Streams of one simulcast. Browsers send up to 3.
inline constexpr std::size_t kMaxEncodings = 8;
inline constexpr std::size_t kMaxFeedback = 16;
inline constexpr std::size_t kMaxFormatParameters = 32;

inline constexpr std::size_t kMaxMimeTypeBytes = 64;
inline constexpr std::size_t kMaxUriBytes = 255;
inline constexpr std::size_t kMaxFeedbackBytes = 32;
inline constexpr std::size_t kMaxParameterKeyBytes = 64;
/// The longest in use is H.264's `sprop-parameter-sets`.
inline constexpr std::size_t kMaxParameterValueBytes = 1024;
/// An SDES item, RFC 3550 section 6.5.
inline constexpr std::size_t kMaxCnameBytes = 255;
/// Each of the two identifiers, RFC 8830 section 2.
inline constexpr std::size_t kMaxMsidPartBytes = 64;

inline constexpr std::uint32_t kMaxClockRate = 1'000'000;
inline constexpr std::uint8_t kMaxChannels = 24;
inline constexpr double kMaxBitrate = 1e10;  // bit/s

inline constexpr std::size_t kPayloadTypes = 128;
inline constexpr std::size_t kFirstDynamicPayloadType = 96;  ///< RFC 3551 section 3
inline constexpr std::size_t kExtensionIds = 256;
inline constexpr std::uint8_t kMaxPayloadType = 127;

/// Of DTLS fingerprints: one per hash algorithm.
inline constexpr std::size_t kMaxFingerprints = 8;

}  // namespace sluice::ortc
