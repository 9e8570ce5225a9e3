#include "core/media/sdp/matching.h"

#include <algorithm>

#include "core/media/ortc/codec.h"
#include "core/media/sdp/refuse.h"
#include "core/media/sdp/to_ortc.h"

namespace sluice::sdp {
namespace {

bool flows(const MediaSection& section) { return !section.closed() && kind_of(section).has_value(); }

Section closed(const MediaSection& remote, const Section* agreed) {
  Section out = agreed == nullptr ? Section{.mid = remote.mid} : *agreed;
  out.state = SectionState::closed;
  out.remote = remote;
  slim(out.remote);
  out.codecs.clear();
  out.rids.clear();
  return out;
}

Section continued(const MediaSection& remote, const Section& agreed) {
  if (agreed.state == SectionState::closed) {
    refuse_invalid({remote.line, "the section was closed: its index needs another mid"});
  }
  if (agreed.remote.media != remote.media) refuse_invalid({remote.line, "the section carries another media"});
  Section out = agreed;
  out.state = SectionState::live;
  return out;
}

Section match(const MediaSection& remote, const Section* agreed, const Mids& used) {
  const bool same = agreed != nullptr && (remote.mid == agreed->mid || (remote.closed() && remote.mid.empty()));
  if (!same && agreed != nullptr && agreed->live()) {
    refuse_invalid({remote.line, "the section has another mid, and it was not closed before"});
  }
  if (same) return remote.closed() ? closed(remote, agreed) : continued(remote, *agreed);
  if (!remote.mid.empty() && used.contains(remote.mid)) {
    refuse_invalid({remote.line, "the mid was that of another section"});
  }
  if (remote.closed()) return closed(remote, nullptr);
  return Section{.mid = remote.mid};
}

/// RFC 3264 section 8.3.2: what a number means in a section stays for its life.
void demand_same_numbers(const MediaSection& remote, const std::vector<RtpCodecCapability>& codecs,
                         const Section& agreed) {
  for (const RtpCodecCapability& codec : codecs) {
    const auto before =
        std::ranges::find(agreed.codecs, codec.preferred_payload_type, &RtpCodecCapability::preferred_payload_type);
    if (before == agreed.codecs.end() || same_meaning(*before, codec)) continue;
    const auto line = std::ranges::find(remote.codecs, *codec.preferred_payload_type, &Codec::payload_type)->line;
    refuse_invalid({line, "the payload type stood for another codec before"});
  }
  for (const Extension& extension : remote.extensions) {
    const auto before = std::ranges::find(agreed.remote.extensions, extension.uri, &Extension::uri);
    if (before == agreed.remote.extensions.end() || before->id == extension.id) continue;
    refuse_invalid({extension.line, "the header extension had another id before"});
  }
}

}  // namespace

std::vector<Section> match_offer(const SessionDescription& offer, const std::vector<Section>& agreed,
                                 const Mids& used) {
  if (offer.sections.empty()) refuse_unsupported({1, "there is no m-line"});
  if (offer.sections.size() < agreed.size()) {
    refuse_invalid({offer.sections.back().line, "m-lines that were agreed upon are missing"});
  }
  std::vector<Section> out;
  out.reserve(offer.sections.size());
  for (std::size_t i = 0; i < offer.sections.size(); ++i) {
    out.push_back(match(offer.sections[i], i < agreed.size() ? &agreed[i] : nullptr, used));
  }
  return out;
}

void demand_matching_answer(const SessionDescription& answer, const std::vector<Section>& offered) {
  if (answer.sections.size() != offered.size()) {
    const std::size_t line = answer.sections.empty() ? 1 : answer.sections.back().line;
    refuse_invalid({line, "the answer has not the m-lines of the offer"});
  }
  for (std::size_t i = 0; i < offered.size(); ++i) {
    const MediaSection& section = answer.sections[i];
    const bool closed = section.closed() || !offered[i].live();
    if (closed) continue;
    if (section.mid != offered[i].mid) refuse_invalid({section.line, "the section has not the mid of the offer"});
    if (section.media != offered[i].remote.media) refuse_invalid({section.line, "the section carries another media"});
  }
}

void demand_bundle(const SessionDescription& description) {
  const auto live = std::count_if(description.sections.begin(), description.sections.end(), flows);
  for (const MediaSection& section : description.sections) {
    if (!flows(section)) continue;
    if (section.mid.empty()) refuse_unsupported({section.line, "the section has no mid"});
    if (!section.rtcp_mux && !section.rtcp_mux_only) {
      refuse_unsupported({section.line, "the section has no rtcp-mux: RTP and RTCP share the port"});
    }
    if (!description.bundle && live == 1) continue;
    const bool bundled = description.bundle && std::find(description.bundle->begin(), description.bundle->end(),
                                                         section.mid) != description.bundle->end();
    if (!bundled) refuse_unsupported({section.line, "the section is not in the BUNDLE: there is one transport"});
  }
}

const MediaSection* bundle_head(const SessionDescription& description) {
  const auto& sections = description.sections;
  const auto flowing = std::find_if(sections.begin(), sections.end(), flows);
  if (flowing == sections.end()) return nullptr;
  if (!description.bundle) return &*flowing;
  for (const std::string& mid : *description.bundle) {
    const auto found = std::find_if(sections.begin(), sections.end(), [&](const MediaSection& section) {
      return section.mid == mid && !section.closed();
    });
    // Data channels may come first: then theirs is the transport of all.
    if (found != sections.end()) return &*found;
  }
  return &*flowing;
}

void read_media(const MediaSection& remote, const RtpCapabilities& router, Numbering& numbering, Section& section) {
  section.kind = kind_of(remote);
  std::vector<RtpCodecCapability> codecs;
  if (section.kind) codecs = common_codecs(remote, *section.kind, router);
  demand_same_numbers(remote, codecs, section);
  section.codecs = std::move(codecs);
  section.remote = remote;
  slim(section.remote);
  section.rids.clear();
  if (section.codecs.empty()) {
    section.state = SectionState::refused;
    return;
  }
  if (const auto learnt = numbering.learn(remote, *section.kind, section.codecs); !learnt) {
    refuse_invalid(learnt.error());
  }
  if (section.kind == MediaKind::video && sends(remote.direction)) section.rids = sent_rids(remote);
}

}  // namespace sluice::sdp
