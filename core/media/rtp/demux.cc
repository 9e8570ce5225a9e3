#include "core/media/rtp/demux.h"

#include <algorithm>
#include <cassert>

#include "core/media/rtp/header_extension_values.h"

namespace sluice {
namespace {

/// Declared and learnt, of media and of RTX.
constexpr std::size_t kMaxSsrcsPerStream = 4;

bool labels_clash(const StreamDescription& a, const StreamDescription& b) noexcept {
  if (!a.mid && !a.rid) return false;
  if (a.mid != b.mid) return false;
  return !a.rid || !b.rid || a.rid == b.rid;
}

bool has_ssrc(const StreamDescription& stream, std::optional<Ssrc> ssrc) noexcept {
  return ssrc && (stream.ssrc == ssrc || stream.rtx_ssrc == ssrc);
}

bool labels_match(const StreamDescription& stream, const std::optional<Mid>& mid,
                  const std::optional<Rid>& rid) noexcept {
  if (mid && stream.mid != mid) return false;
  return stream.rid == rid;
}

}  // namespace

void RtpDemuxer::set_extensions(const HeaderExtensionMap& extensions) noexcept {
  mid_id_ = extensions.id_of(HeaderExtension::mid).value_or(0);
  rid_id_ = extensions.id_of(HeaderExtension::rid).value_or(0);
  repaired_rid_id_ = extensions.id_of(HeaderExtension::repaired_rid).value_or(0);
}

Result<Ok, DemuxError> RtpDemuxer::check(const StreamDescription& description) const noexcept {
  const bool has_identity = description.ssrc || description.mid || description.rid;
  if (!has_identity) return DemuxError::no_identity;
  if (description.ssrc && description.ssrc == description.rtx_ssrc) return DemuxError::ssrc_taken;
  for (const StreamDescription& other : streams_) {
    if (other.stream == description.stream) return DemuxError::stream_exists;
    if (has_ssrc(other, description.ssrc) || has_ssrc(other, description.rtx_ssrc)) return DemuxError::ssrc_taken;
    if (labels_clash(other, description)) return DemuxError::ambiguous_label;
  }
  if (streams_.size() == kMaxStreams) return DemuxError::full;
  return Ok{};
}

Result<Ok, DemuxError> RtpDemuxer::add(const StreamDescription& description) {
  if (const auto checked = check(description); !checked) return checked.error();
  streams_.push_back(description);
  ssrcs_.reserve(streams_.size() * kMaxSsrcsPerStream);  // so that learning one allocates nothing
  const StreamId stream = description.stream;
  if (description.ssrc) insert({*description.ssrc, stream, StreamPart::media, false});
  if (description.rtx_ssrc) insert({*description.rtx_ssrc, stream, StreamPart::rtx, false});
  return Ok{};
}

void RtpDemuxer::remove(StreamId stream) noexcept {
  std::erase_if(streams_, [stream](const StreamDescription& entry) { return entry.stream == stream; });
  std::erase_if(ssrcs_, [stream](const SsrcEntry& entry) { return entry.stream == stream; });
}

std::optional<DemuxMatch> RtpDemuxer::find(Ssrc ssrc) const noexcept {
  const auto at = lower_bound(ssrc);
  if (at == ssrcs_.end() || at->ssrc != ssrc) return std::nullopt;
  return DemuxMatch{.stream = at->stream, .part = at->part};
}

std::optional<DemuxMatch> RtpDemuxer::find(const RtpPacketView& packet) noexcept {
  if (const auto known = find(packet.ssrc())) return known;

  const auto labels = labels_of(packet);
  const StreamDescription* const stream = labels ? find_by_labels(*labels) : nullptr;
  if (stream == nullptr) {
    ++unknown_packets_;
    return std::nullopt;
  }
  const bool rtx_type = stream->rtx_payload_types.test(packet.payload_type().value());
  const StreamPart part = rtx_type ? StreamPart::rtx : labels->part;
  learn({packet.ssrc(), stream->stream, part, true});
  return DemuxMatch{.stream = stream->stream, .part = part, .newly_learnt = true};
}

/// None when a label is there that breaks its rules: the packet claims something, but not for any stream of ours.
std::optional<RtpDemuxer::Labels> RtpDemuxer::labels_of(const RtpPacketView& packet) const noexcept {
  Labels labels{.mid = {}, .rid = {}, .part = StreamPart::media};
  for (const ExtensionElement& element : packet.extensions()) {
    if (element.id == mid_id_) {
      labels.mid = read_mid(element.data);
      if (!labels.mid) return std::nullopt;
    } else if (element.id == rid_id_ || element.id == repaired_rid_id_) {
      labels.rid = read_rid(element.data);
      if (!labels.rid) return std::nullopt;
      labels.part = element.id == repaired_rid_id_ ? StreamPart::rtx : StreamPart::media;
    }
  }
  if (!labels.mid && !labels.rid) return std::nullopt;
  return labels;
}

/// The one stream that the labels name. A rid without a mid counts where it is unique in the transport; a mid without a
/// rid names only a stream that has none itself, as we cannot tell which encoding is meant.
const StreamDescription* RtpDemuxer::find_by_labels(const Labels& labels) const noexcept {
  const StreamDescription* found = nullptr;
  for (const StreamDescription& stream : streams_) {
    if (!labels_match(stream, labels.mid, labels.rid)) continue;
    if (found != nullptr) return nullptr;
    found = &stream;
  }
  return found;
}

std::vector<RtpDemuxer::SsrcEntry>::const_iterator RtpDemuxer::lower_bound(Ssrc ssrc) const noexcept {
  return std::lower_bound(ssrcs_.begin(), ssrcs_.end(), ssrc,
                          [](const SsrcEntry& entry, Ssrc wanted) { return entry.ssrc < wanted; });
}

void RtpDemuxer::insert(const SsrcEntry& entry) noexcept {
  const auto at = lower_bound(entry.ssrc);
  if (at != ssrcs_.end() && at->ssrc == entry.ssrc) {
    ssrcs_[static_cast<std::size_t>(at - ssrcs_.begin())] = entry;  // declared outranks learnt
    return;
  }
  assert(ssrcs_.size() < ssrcs_.capacity());
  ssrcs_.insert(at, entry);
}

void RtpDemuxer::learn(const SsrcEntry& entry) noexcept {
  std::erase_if(ssrcs_, [&entry](const SsrcEntry& old) {
    return old.learnt && old.stream == entry.stream && old.part == entry.part;
  });
  insert(entry);
}

}  // namespace sluice
