#include "core/media/rtp/keyframe_detection.h"

#include "core/media/rtp/av1_payload.h"
#include "core/media/rtp/dependency_descriptor.h"
#include "core/media/rtp/h264_payload.h"
#include "core/media/rtp/vp8_payload.h"
#include "core/media/rtp/vp9_payload.h"

namespace sluice {

bool is_keyframe(VideoCodec codec, Bytes payload, std::optional<Bytes> dependency_descriptor) noexcept {
  if (dependency_descriptor && is_dependency_descriptor(*dependency_descriptor)) {
    return starts_coded_video_sequence(*dependency_descriptor);
  }
  switch (codec) {
    case VideoCodec::vp8:
      return vp8_starts_keyframe(payload);
    case VideoCodec::vp9:
      return vp9_starts_keyframe(payload);
    case VideoCodec::h264:
      return h264_starts_keyframe(payload);
    case VideoCodec::av1:
      return av1_starts_keyframe(payload);
  }
  return false;
}

}  // namespace sluice
