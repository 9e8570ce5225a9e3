#pragma once

#include <set>
#include <string>
#include <vector>

#include "core/media/sdp/numbering.h"
#include "core/media/sdp/section.h"
#include "core/media/sdp/session_description.h"

namespace sluice::sdp {

using Mids = std::set<std::string, std::less<>>;

/// What the client's offer makes of the sections that were agreed upon: the same indices, some closed, some recycled,
/// and more behind them (RFC 8829 section 5.2.2). `used`: MIDs that the session has had. Refuses (see refuse.h) what
/// cannot be.
[[nodiscard]] std::vector<Section> match_offer(const SessionDescription& offer, const std::vector<Section>& agreed,
                                               const Mids& used);

/// RFC 3264 section 6: an answer has the offer's m-lines.
void demand_matching_answer(const SessionDescription& answer, const std::vector<Section>& offered);

/// Everything that flows has to be in one BUNDLE with rtcp-mux. A single section needs no group.
void demand_bundle(const SessionDescription& description);

/// The section whose transport is that of all: the first of the BUNDLE, RFC 9143 section 7. Null where nothing flows.
[[nodiscard]] const MediaSection* bundle_head(const SessionDescription& description);

/// What a live section of the client tells, read into `section`: what is common, or that it is to be refused.
void read_media(const MediaSection& remote, const RtpCapabilities& router, Numbering& numbering, Section& section);

}  // namespace sluice::sdp
