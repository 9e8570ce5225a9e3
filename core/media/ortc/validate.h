#pragma once

#include <string_view>

#include "sluice/ortc.h"

/// Checks of what came from the network: counts, ranges, character sets, and that the parts agree with each other. Each
/// throws Error{invalid_payload} with details.path on the first thing that is wrong, for example
/// `rtpParameters.codecs[1].parameters.apt`; `root` is the path of the value itself. Control thread; no I/O.
namespace sluice::ortc {

/// What a client wants to send. Codecs must be of `kind`, RTX must name a media codec of the list, payload types,
/// extension ids, SSRCs and rids must be unique, and each encoding must be told by its SSRC or its rid, the only one of
/// an m-section by its MID.
void validate(const RtpParameters& parameters, MediaKind kind, std::string_view root = "rtpParameters");

/// What a client can receive.
void validate(const RtpCapabilities& capabilities, std::string_view root = "rtpCapabilities");

/// A client's side of DTLS: at least one fingerprint of an algorithm that is good enough (SHA-256 and up).
void validate(const DtlsParameters& parameters, std::string_view root = "dtlsParameters");

/// A client's ICE credentials, RFC 8839 section 5.4.
void validate(const IceParameters& parameters, std::string_view root = "iceParameters");

/// A client's ICE candidate, RFC 8839 section 5.1.
void validate(const IceCandidate& candidate, std::string_view root = "candidate");

}  // namespace sluice::ortc
