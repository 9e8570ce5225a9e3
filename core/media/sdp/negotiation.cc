#include "core/media/sdp/negotiation.h"

#include <algorithm>

#include "core/media/ortc/validate.h"
#include "core/media/sdp/limits.h"
#include "core/media/sdp/reader.h"
#include "core/media/sdp/refuse.h"
#include "core/media/sdp/to_ortc.h"
#include "core/media/sdp/writer.h"

namespace sluice::sdp {
namespace {

/// RFC 8829 section 5.2.1 wants a number that no other session has, of 63 bits. The transport's id is unique.
std::uint64_t session_id_of(std::string_view transport_id) noexcept {
  std::uint64_t hash = 14695981039346656037U;  // FNV-1a
  for (const char c : transport_id) hash = (hash ^ static_cast<std::uint8_t>(c)) * 1099511628211U;
  return hash >> 1;
}

SessionDescription demand_description(std::string_view text) {
  auto read = read_description(text);
  if (!read) refuse_invalid(read.error());
  return std::move(*read);
}

/// Throws Error{invalid_payload} where the section has got what no producer can have.
SdpSending sending_of(const MediaSection& remote, const Section& section, const RtpCapabilities& router) {
  auto parameters = sending_parameters(remote, *section.kind, section.codecs, router);
  if (!parameters) refuse_unsupported(parameters.error());
  try {
    ortc::validate(*parameters, *section.kind);
  } catch (const Error& error) {
    refuse_invalid({remote.line, error.what()});
  }
  const std::string msid = parameters->msid.value_or("-");
  const std::size_t space = std::min(msid.find(' '), msid.size());
  const std::string stream = msid.substr(0, space);
  return {.mid = section.mid,
          .kind = *section.kind,
          .rtp_parameters = std::move(*parameters),
          .stream_id = stream == "-" ? "" : stream,
          .track_id = msid.substr(std::min(space + 1, msid.size()))};
}

void list(const MediaSection& remote, const Section& section, const RtpCapabilities& router, SdpOffer& out) {
  if (sends(remote.direction)) out.sending.push_back(sending_of(remote, section, router));
  if (!receives(remote.direction)) return;
  out.receiving.push_back({.mid = section.mid,
                           .kind = *section.kind,
                           .rtp_capabilities = receiving_capabilities(remote, *section.kind, section.codecs, router)});
}

Section new_section(const std::string& mid, MediaKind kind) {
  Section out{.mid = mid, .kind = kind, .ours = true};
  out.remote = MediaSection{.media = std::string{to_string(kind)},
                            .protocol = "UDP/TLS/RTP/SAVPF",
                            .direction = Direction::recvonly,
                            .rtcp_rsize = true};
  return out;
}

/// The client may have said less in its answer than it would do, because we asked for less.
Direction still_willing(Direction before, Direction offered, Direction answered) noexcept {
  return direction_of({.send = receives(offered) ? sends(answered) : sends(before),
                       .receive = sends(offered) ? receives(answered) : receives(before)});
}

[[noreturn]] void refuse_more_mids() {
  throw Error{ErrorCode::limit_exceeded, "the session has had too many sections", {{"limit", kMaxMids}}};
}

template <class List, class Key, class Projection>
auto find_by(List& list, const Key& key, Projection projection) {
  return std::ranges::find(list, key, projection);
}

}  // namespace

Negotiation::Negotiation(Transport& transport, const RtpCapabilities& router)
    : transport_{transport}, router_{router}, session_id_{session_id_of(transport.id())} {}

SdpOffer Negotiation::read_offer(std::string_view text) {
  const SessionDescription description = demand_description(text);
  demand_bundle(description);
  std::vector<Section> sections = match_offer(description, sections_, mids_);
  // The client's sections have MIDs of their own, and recycling gives them new ones.
  if (mids_.size() + sections.size() > kMaxMids + kMaxSections) refuse_more_mids();
  Numbering numbering;
  // Promises are void, too: what they said of numbers may be wrong after this offer.
  SdpOffer out{.sending = {}, .receiving = {}, .rolled_back = our_offer_ || !promises_.empty()};
  for (std::size_t i = 0; i < sections.size(); ++i) {
    if (!sections[i].live()) continue;
    read_media(description.sections[i], router_, numbering, sections[i]);
    if (sections[i].live()) list(description.sections[i], sections[i], router_, out);
  }
  for (SdpReceiving& receiving : out.receiving) numbering.drop_ambiguous(receiving.rtp_capabilities);
  numbering.remember(numbering_);
  const bool flows = std::ranges::any_of(sections, &Section::live);
  if (flows) transport_.read_offer(description, *bundle_head(description));

  client_offer_ = ClientOffer{std::move(sections), std::move(numbering)};
  our_offer_.reset();
  promises_.clear();
  draft_.reset();
  return out;
}

/// With what the caller says, as far as the client's side of the section goes with it.
OurPart Negotiation::part_in(const Section& section, const Parts& parts) const {
  OurPart out;
  if (!section.live()) return out;
  const bool accepted = std::ranges::find(parts.accepted, section.mid) != parts.accepted.end();
  out.receive = accepted && sends(section.remote.direction);
  const auto track = std::ranges::find(parts.tracks, section.mid, &SdpTrack::mid);
  if (track != parts.tracks.end()) out.track = &*track;
  return out;
}

std::string Negotiation::answer(std::span<const std::string> accepted, std::span<const SdpTrack> tracks) {
  if (!client_offer_) refuse_turn("there is no offer to answer");
  std::vector<OurPart> parts;
  for (Section& section : client_offer_->sections) {
    OurPart part = part_in(section, {accepted, tracks});
    if (!receives(section.remote.direction)) part.track = nullptr;
    section.carried_track = section.carried_track || part.track != nullptr;
    parts.push_back(part);
  }
  sections_ = std::move(client_offer_->sections);
  numbering_ = std::move(client_offer_->numbering);
  client_offer_.reset();
  for (const Section& section : sections_) {
    if (!section.mid.empty()) mids_.insert(section.mid);
  }
  return write(sections_, parts, transport_.connected() ? transport_.describe_answer() : TransportAttributes{});
}

std::string Negotiation::write(const std::vector<Section>& sections, const std::vector<OurPart>& parts,
                               const TransportAttributes& transport) {
  SessionDescription out{.session_id = session_id_, .version = ++version_, .ice_lite = transport_.ice_lite()};
  TransportAttributes bundled = transport;
  bundled.candidates.clear();
  bundled.end_of_candidates = false;
  for (std::size_t i = 0; i < sections.size(); ++i) {
    if (!sections[i].live()) {
      out.sections.push_back(describe_closed(sections[i]));
      continue;
    }
    out.sections.push_back(describe(sections[i], parts[i], router_));
    out.sections.back().transport = out.bundle ? bundled : transport;
    if (!out.bundle) out.bundle.emplace();
    out.bundle->push_back(sections[i].mid);
  }
  return write_description(out);
}

std::string Negotiation::next_mid() {
  if (mids_.size() >= kMaxMids) refuse_more_mids();
  std::string mid;
  do {
    mid = "s" + std::to_string(++last_mid_);
  } while (!mids_.insert(mid).second);
  return mid;
}

SdpReceiving Negotiation::next_section(MediaKind kind) {
  if (!transport_.connected()) refuse_turn("the client offers first");
  if (client_offer_ || our_offer_) refuse_turn("an offer waits for its answer");
  const auto is_free = [&](const Section& section) {
    const bool promised = find_by(promises_, section.mid, &Promise::mid) != promises_.end();
    return section.live() && section.kind == kind && !section.ours && !section.carried_track && !promised &&
           receives(section.remote.direction);
  };
  if (const auto found = std::ranges::find_if(sections_, is_free); found != sections_.end()) {
    promises_.push_back({found->mid, kind});
    auto capabilities = receiving_capabilities(found->remote, kind, found->codecs, router_);
    numbering_.drop_ambiguous(capabilities);
    return {.mid = found->mid, .kind = kind, .rtp_capabilities = std::move(capabilities)};
  }
  const auto live = std::ranges::count_if(sections_, [](const Section& s) { return s.state != SectionState::closed; });
  const auto promised = std::ranges::count_if(
      promises_, [&](const Promise& p) { return find_by(sections_, p.mid, &Section::mid) == sections_.end(); });
  if (static_cast<std::size_t>(live + promised) >= kMaxSections) {
    throw Error{ErrorCode::limit_exceeded, "the session has too many sections", {{"limit", kMaxSections}}};
  }
  if (!draft_) draft_ = numbering_;
  SdpReceiving out{.mid = next_mid(), .kind = kind, .rtp_capabilities = draft_->capabilities(kind, router_)};
  promises_.push_back({out.mid, kind});
  return out;
}

/// The agreed ones, and those for new tracks: at the index of a closed one, else behind the last.
std::vector<Section> Negotiation::sections_to_offer(std::span<const SdpTrack> tracks) {
  std::vector<Section> out = sections_;
  for (const SdpTrack& track : tracks) {
    const auto known = find_by(out, track.mid, &Section::mid);
    if (known != out.end() && known->live()) continue;
    const auto promise = find_by(promises_, track.mid, &Promise::mid);
    if (known != out.end() || promise == promises_.end()) refuse_turn("a track has a mid that is no section's");
    const auto closed = find_by(out, SectionState::closed, &Section::state);
    Section section = new_section(promise->mid, promise->kind);
    if (closed != out.end()) {
      *closed = std::move(section);
    } else {
      out.push_back(std::move(section));
    }
  }
  return out;
}

std::string Negotiation::offer(std::span<const std::string> accepted, std::span<const SdpTrack> tracks) {
  if (!transport_.connected()) refuse_turn("the client offers first");
  if (client_offer_ || our_offer_) refuse_turn("an offer waits for its answer");
  std::vector<Section> sections = sections_to_offer(tracks);
  std::vector<OurPart> parts;
  std::vector<OfferedSection> offered;
  for (Section& section : sections) {
    const OurPart part = part_in(section, {accepted, tracks});
    section.carried_track = section.carried_track || part.track != nullptr;
    // What was made for a track ends with it, RFC 8829 section 5.2.2: the index is free once the client has agreed.
    if (section.live() && section.ours && part.track == nullptr) section.state = SectionState::closed;
    parts.push_back(part);
    offered.push_back({section, direction_of({.send = part.track != nullptr, .receive = part.receive})});
  }
  std::string text = write(sections, parts, transport_.describe_offer());
  our_offer_ = std::move(offered);
  promises_.clear();
  return text;
}

std::vector<std::string> Negotiation::read_answer(std::string_view text) {
  if (!our_offer_) refuse_turn("there is no offer that waits for an answer");
  const SessionDescription description = demand_description(text);
  std::vector<Section> sections;
  for (const OfferedSection& offered : *our_offer_) sections.push_back(offered.section);
  demand_matching_answer(description, sections);
  demand_bundle(description);

  Numbering numbering = draft_.value_or(numbering_);
  std::vector<std::string> refused;
  for (std::size_t i = 0; i < sections.size(); ++i) {
    if (!sections[i].live()) continue;
    const MediaSection& remote = description.sections[i];
    const Direction offered = (*our_offer_)[i].direction;
    const Direction before = sections[i].remote.direction;
    if (remote.closed()) {
      sections[i].state = SectionState::closed;
    } else if (sections[i].ours) {
      read_media(remote, router_, numbering, sections[i]);
      if (!sections[i].live()) sections[i].state = SectionState::closed;
    }
    sections[i].remote.direction = still_willing(before, offered, remote.direction);
    const bool taken = sections[i].live() && receives(remote.direction);
    if (sends(offered) && !taken) refused.push_back(sections[i].mid);
  }
  const bool flows = std::ranges::any_of(sections, &Section::live);
  if (const MediaSection* head = flows ? bundle_head(description) : nullptr) transport_.read_answer(*head);

  numbering_ = std::move(numbering);
  draft_.reset();
  sections_ = std::move(sections);
  our_offer_.reset();
  return refused;
}

void Negotiation::add_candidate(std::string_view candidate) {
  if (!transport_.connected()) refuse_turn("a candidate came before the offer");
  if (candidate.size() > kMaxLineBytes) refuse_invalid({1, "the line is too long"}, kCandidateField);
  transport_.add_candidate(candidate);
}

void Negotiation::demand_known_mids(const SessionDescription& fragment) const {
  for (const MediaSection& section : fragment.sections) {
    if (section.mid.empty() || find_by(latest(), section.mid, &Section::mid) != latest().end()) continue;
    refuse_invalid({section.line, "there is no section of this mid"}, kFragmentField);
  }
}

std::optional<std::string> Negotiation::read_fragment(std::string_view fragment) {
  if (!transport_.connected()) refuse_turn("a fragment came before the offer");
  auto read = sdp::read_fragment(fragment);
  if (!read) refuse_invalid(read.error(), kFragmentField);
  demand_known_mids(*read);
  // RFC 9725 section 4.3: one transport, whose credentials stand above the m-lines, or below the first.
  TransportAttributes attributes = std::move(read->transport);
  for (MediaSection& section : read->sections) {
    if (!attributes.ufrag && !attributes.password) {
      attributes.ufrag = section.transport.ufrag;
      attributes.password = section.transport.password;
      attributes.ice_line = section.transport.ice_line;
    }
    std::ranges::move(section.transport.candidates, std::back_inserter(attributes.candidates));
  }
  if (!transport_.read_fragment(attributes)) return std::nullopt;

  SessionDescription out{.ice_lite = transport_.ice_lite(), .bundle = std::vector<std::string>{}};
  for (const Section& section : latest()) {
    if (!section.live()) continue;
    out.bundle->push_back(section.mid);
    if (!out.sections.empty()) continue;
    out.sections.push_back(describe(section, {}, router_));
    out.sections.back().transport = transport_.describe_ice();
  }
  return write_fragment(out);
}

}  // namespace sluice::sdp
