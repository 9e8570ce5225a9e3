#pragma once

#include <boost/json/parse.hpp>
#include <string_view>

#include "sluice/json.h"

/// What browsers say, by way of mediasoup-client 3.24.
namespace sluice::ortc::fixtures {

/// Device.recvRtpCapabilities in Chromium, against a router of the default codecs: the numbering is the router's.
inline constexpr std::string_view kChromiumCapabilities = R"json({"codecs":[
  {"kind":"audio","mimeType":"audio/opus","preferredPayloadType":96,"clockRate":48000,"channels":2,
   "parameters":{"minptime":10,"useinbandfec":1},
   "rtcpFeedback":[{"type":"transport-cc","parameter":""},{"type":"nack","parameter":""}]},
  {"kind":"video","mimeType":"video/VP8","preferredPayloadType":97,"clockRate":90000,"parameters":{},
   "rtcpFeedback":[{"type":"goog-remb","parameter":""},{"type":"transport-cc","parameter":""},
    {"type":"ccm","parameter":"fir"},{"type":"nack","parameter":""},{"type":"nack","parameter":"pli"}]},
  {"kind":"video","mimeType":"video/rtx","preferredPayloadType":98,"clockRate":90000,"parameters":{"apt":97},
   "rtcpFeedback":[]},
  {"kind":"video","mimeType":"video/VP9","preferredPayloadType":99,"clockRate":90000,"parameters":{"profile-id":0},
   "rtcpFeedback":[{"type":"goog-remb","parameter":""},{"type":"transport-cc","parameter":""},
    {"type":"ccm","parameter":"fir"},{"type":"nack","parameter":""},{"type":"nack","parameter":"pli"}]},
  {"kind":"video","mimeType":"video/rtx","preferredPayloadType":100,"clockRate":90000,"parameters":{"apt":99},
   "rtcpFeedback":[]},
  {"kind":"video","mimeType":"video/VP9","preferredPayloadType":101,"clockRate":90000,
   "parameters":{"profile-id":2},
   "rtcpFeedback":[{"type":"goog-remb","parameter":""},{"type":"transport-cc","parameter":""},
    {"type":"ccm","parameter":"fir"},{"type":"nack","parameter":""},{"type":"nack","parameter":"pli"}]},
  {"kind":"video","mimeType":"video/rtx","preferredPayloadType":102,"clockRate":90000,"parameters":{"apt":101},
   "rtcpFeedback":[]},
  {"kind":"video","mimeType":"video/H264","preferredPayloadType":103,"clockRate":90000,
   "parameters":{"level-asymmetry-allowed":1,"packetization-mode":1,"profile-level-id":"42e01f"},
   "rtcpFeedback":[{"type":"goog-remb","parameter":""},{"type":"transport-cc","parameter":""},
    {"type":"ccm","parameter":"fir"},{"type":"nack","parameter":""},{"type":"nack","parameter":"pli"}]},
  {"kind":"video","mimeType":"video/rtx","preferredPayloadType":104,"clockRate":90000,"parameters":{"apt":103},
   "rtcpFeedback":[]},
  {"kind":"video","mimeType":"video/H264","preferredPayloadType":105,"clockRate":90000,
   "parameters":{"level-asymmetry-allowed":1,"packetization-mode":1,"profile-level-id":"4d001f"},
   "rtcpFeedback":[{"type":"goog-remb","parameter":""},{"type":"transport-cc","parameter":""},
    {"type":"ccm","parameter":"fir"},{"type":"nack","parameter":""},{"type":"nack","parameter":"pli"}]},
  {"kind":"video","mimeType":"video/rtx","preferredPayloadType":106,"clockRate":90000,"parameters":{"apt":105},
   "rtcpFeedback":[]},
  {"kind":"video","mimeType":"video/AV1","preferredPayloadType":107,"clockRate":90000,
   "parameters":{"level-idx":5,"profile":0,"tier":0},
   "rtcpFeedback":[{"type":"goog-remb","parameter":""},{"type":"transport-cc","parameter":""},
    {"type":"ccm","parameter":"fir"},{"type":"nack","parameter":""},{"type":"nack","parameter":"pli"}]},
  {"kind":"video","mimeType":"video/rtx","preferredPayloadType":108,"clockRate":90000,"parameters":{"apt":107},
   "rtcpFeedback":[]}],
 "headerExtensions":[
  {"kind":"audio","uri":"urn:ietf:params:rtp-hdrext:ssrc-audio-level","preferredId":10,"preferredEncrypt":false,
   "direction":"sendrecv"},
  {"kind":"video","uri":"urn:ietf:params:rtp-hdrext:sdes:mid","preferredId":1,"preferredEncrypt":false,
   "direction":"sendrecv"},
  {"kind":"video","uri":"http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time","preferredId":4,
   "preferredEncrypt":false,"direction":"sendrecv"},
  {"kind":"video","uri":"http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01",
   "preferredId":5,"preferredEncrypt":false,"direction":"sendrecv"},
  {"kind":"video","uri":"urn:3gpp:video-orientation","preferredId":11,"preferredEncrypt":false,
   "direction":"sendrecv"},
  {"kind":"video","uri":"http://www.webrtc.org/experiments/rtp-hdrext/playout-delay","preferredId":14,
   "preferredEncrypt":false,"direction":"sendrecv"}]})json";

/// Transport.produce() of a microphone in Chromium.
inline constexpr std::string_view kChromiumAudio = R"json({"mid":"0",
 "codecs":[
  {"mimeType":"audio/opus","payloadType":111,"clockRate":48000,"channels":2,
   "parameters":{"minptime":10,"useinbandfec":1},
   "rtcpFeedback":[{"type":"transport-cc","parameter":""},{"type":"nack","parameter":""}]}],
 "headerExtensions":[
  {"uri":"urn:ietf:params:rtp-hdrext:sdes:mid","id":4,"encrypt":false,"parameters":{}},
  {"uri":"http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time","id":2,"encrypt":false,"parameters":{}},
  {"uri":"http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01","id":3,"encrypt":false,
   "parameters":{}},
  {"uri":"urn:ietf:params:rtp-hdrext:ssrc-audio-level","id":1,"encrypt":false,"parameters":{}}],
 "encodings":[
  {"ssrc":2293812045,"dtx":false}],
 "rtcp":{"cname":"B3coHCf6GcderQHY","reducedSize":true},
 "msid":"2a7bd6b4-4b32-4b5d-8bd0-8ab5d1b6e8a5 9d3e0c55-7c1c-4d8e-8a0e-6f1f0f9f3b52"})json";

/// Transport.produce() of a camera in Chromium, one encoding.
inline constexpr std::string_view kChromiumVideo = R"json({"mid":"0",
 "codecs":[
  {"mimeType":"video/VP8","payloadType":96,"clockRate":90000,"parameters":{},
   "rtcpFeedback":[{"type":"goog-remb","parameter":""},{"type":"transport-cc","parameter":""},
    {"type":"ccm","parameter":"fir"},{"type":"nack","parameter":""},{"type":"nack","parameter":"pli"}]},
  {"mimeType":"video/rtx","payloadType":97,"clockRate":90000,"parameters":{"apt":96},"rtcpFeedback":[]}],
 "headerExtensions":[
  {"uri":"urn:ietf:params:rtp-hdrext:sdes:mid","id":9,"encrypt":false,"parameters":{}},
  {"uri":"urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id","id":10,"encrypt":false,"parameters":{}},
  {"uri":"urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id","id":11,"encrypt":false,"parameters":{}},
  {"uri":"http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time","id":2,"encrypt":false,"parameters":{}},
  {"uri":"http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01","id":4,"encrypt":false,
   "parameters":{}},
  {"uri":"urn:3gpp:video-orientation","id":3,"encrypt":false,"parameters":{}},
  {"uri":"urn:ietf:params:rtp-hdrext:toffset","id":1,"encrypt":false,"parameters":{}},
  {"uri":"http://www.webrtc.org/experiments/rtp-hdrext/playout-delay","id":5,"encrypt":false,"parameters":{}}],
 "encodings":[
  {"ssrc":1474518793,"rtx":{"ssrc":213135497},"dtx":false}],
 "rtcp":{"cname":"NDuJcg3RfprHYHDR","reducedSize":true},
 "msid":"2a7bd6b4-4b32-4b5d-8bd0-8ab5d1b6e8a5 9d3e0c55-7c1c-4d8e-8a0e-6f1f0f9f3b52"})json";

/// The same with three encodings: told by rid, without cname.
inline constexpr std::string_view kChromiumSimulcast = R"json({"mid":"0",
 "codecs":[
  {"mimeType":"video/VP8","payloadType":96,"clockRate":90000,"parameters":{},
   "rtcpFeedback":[{"type":"goog-remb","parameter":""},{"type":"transport-cc","parameter":""},
    {"type":"ccm","parameter":"fir"},{"type":"nack","parameter":""},{"type":"nack","parameter":"pli"}]},
  {"mimeType":"video/rtx","payloadType":97,"clockRate":90000,"parameters":{"apt":96},"rtcpFeedback":[]}],
 "headerExtensions":[
  {"uri":"urn:ietf:params:rtp-hdrext:sdes:mid","id":9,"encrypt":false,"parameters":{}},
  {"uri":"urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id","id":10,"encrypt":false,"parameters":{}},
  {"uri":"urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id","id":11,"encrypt":false,"parameters":{}},
  {"uri":"http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time","id":2,"encrypt":false,"parameters":{}},
  {"uri":"http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01","id":4,"encrypt":false,
   "parameters":{}},
  {"uri":"https://aomediacodec.github.io/av1-rtp-spec/#dependency-descriptor-rtp-header-extension","id":13,
   "encrypt":false,"parameters":{}},
  {"uri":"urn:3gpp:video-orientation","id":3,"encrypt":false,"parameters":{}},
  {"uri":"urn:ietf:params:rtp-hdrext:toffset","id":1,"encrypt":false,"parameters":{}},
  {"uri":"http://www.webrtc.org/experiments/rtp-hdrext/playout-delay","id":5,"encrypt":false,"parameters":{}}],
 "encodings":[
  {"rid":"r0","scaleResolutionDownBy":4,"maxBitrate":100000,"scalabilityMode":"L1T3","dtx":false},
  {"rid":"r1","scaleResolutionDownBy":2,"maxBitrate":300000,"scalabilityMode":"L1T3","dtx":false},
  {"rid":"r2","scaleResolutionDownBy":1,"maxBitrate":900000,"scalabilityMode":"L1T3","dtx":false}],
 "rtcp":{"cname":"","reducedSize":true},
 "msid":"2a7bd6b4-4b32-4b5d-8bd0-8ab5d1b6e8a5 9d3e0c55-7c1c-4d8e-8a0e-6f1f0f9f3b52"})json";

/// A camera in Firefox.
inline constexpr std::string_view kFirefoxVideo = R"json({"mid":"1",
 "codecs":[
  {"mimeType":"video/VP8","payloadType":120,"clockRate":90000,"parameters":{"max-fs":12288,"max-fr":60},
   "rtcpFeedback":[{"type":"nack","parameter":""},{"type":"nack","parameter":"pli"},
    {"type":"ccm","parameter":"fir"},{"type":"goog-remb","parameter":""},{"type":"transport-cc","parameter":""}]},
  {"mimeType":"video/rtx","payloadType":124,"clockRate":90000,"parameters":{"apt":120},"rtcpFeedback":[]}],
 "headerExtensions":[
  {"uri":"urn:ietf:params:rtp-hdrext:sdes:mid","id":3,"encrypt":false,"parameters":{}},
  {"uri":"http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time","id":4,"encrypt":false,"parameters":{}},
  {"uri":"urn:ietf:params:rtp-hdrext:toffset","id":5,"encrypt":false,"parameters":{}},
  {"uri":"http://www.webrtc.org/experiments/rtp-hdrext/playout-delay","id":6,"encrypt":false,"parameters":{}},
  {"uri":"http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01","id":7,"encrypt":false,
   "parameters":{}}],
 "encodings":[
  {"ssrc":1804289383,"rtx":{"ssrc":846930886},"dtx":false}],
 "rtcp":{"cname":"{8b2f7a58-3c1e-4c1b-9a55-4b1c5f9d7e10}","reducedSize":true}})json";

/// What Firefox can receive, in its own numbering, as a session description of its own would say it.
inline constexpr std::string_view kFirefoxCapabilities = R"json({"codecs":[
  {"kind":"audio","mimeType":"audio/opus","preferredPayloadType":109,"clockRate":48000,"channels":2,
   "parameters":{"maxplaybackrate":48000,"stereo":1,"useinbandfec":1},"rtcpFeedback":[]},
  {"kind":"video","mimeType":"video/VP8","preferredPayloadType":120,"clockRate":90000,
   "parameters":{"max-fs":12288,"max-fr":60},
   "rtcpFeedback":[{"type":"nack","parameter":""},{"type":"nack","parameter":"pli"},
    {"type":"ccm","parameter":"fir"},{"type":"goog-remb","parameter":""},{"type":"transport-cc","parameter":""}]},
  {"kind":"video","mimeType":"video/rtx","preferredPayloadType":124,"clockRate":90000,"parameters":{"apt":120},
   "rtcpFeedback":[]},
  {"kind":"video","mimeType":"video/VP9","preferredPayloadType":121,"clockRate":90000,
   "parameters":{"max-fs":12288,"max-fr":60},
   "rtcpFeedback":[{"type":"nack","parameter":""},{"type":"nack","parameter":"pli"},
    {"type":"ccm","parameter":"fir"},{"type":"goog-remb","parameter":""},{"type":"transport-cc","parameter":""}]},
  {"kind":"video","mimeType":"video/rtx","preferredPayloadType":125,"clockRate":90000,"parameters":{"apt":121},
   "rtcpFeedback":[]},
  {"kind":"video","mimeType":"video/H264","preferredPayloadType":126,"clockRate":90000,
   "parameters":{"profile-level-id":"42e01f","level-asymmetry-allowed":1,"packetization-mode":1},
   "rtcpFeedback":[{"type":"nack","parameter":""},{"type":"nack","parameter":"pli"},
    {"type":"ccm","parameter":"fir"},{"type":"goog-remb","parameter":""},{"type":"transport-cc","parameter":""}]},
  {"kind":"video","mimeType":"video/rtx","preferredPayloadType":127,"clockRate":90000,"parameters":{"apt":126},
   "rtcpFeedback":[]},
  {"kind":"video","mimeType":"video/H264","preferredPayloadType":97,"clockRate":90000,
   "parameters":{"profile-level-id":"42e01f","level-asymmetry-allowed":1,"packetization-mode":0},
   "rtcpFeedback":[{"type":"nack","parameter":""},{"type":"nack","parameter":"pli"},
    {"type":"ccm","parameter":"fir"},{"type":"goog-remb","parameter":""},{"type":"transport-cc","parameter":""}]},
  {"kind":"video","mimeType":"video/rtx","preferredPayloadType":98,"clockRate":90000,"parameters":{"apt":97},
   "rtcpFeedback":[]}],
 "headerExtensions":[
  {"kind":"audio","uri":"urn:ietf:params:rtp-hdrext:ssrc-audio-level","preferredId":1},
  {"kind":"audio","uri":"urn:ietf:params:rtp-hdrext:sdes:mid","preferredId":3},
  {"kind":"video","uri":"urn:ietf:params:rtp-hdrext:sdes:mid","preferredId":3},
  {"kind":"video","uri":"http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time","preferredId":4},
  {"kind":"video","uri":"urn:ietf:params:rtp-hdrext:toffset","preferredId":5},
  {"kind":"video","uri":"http://www.webrtc.org/experiments/rtp-hdrext/playout-delay","preferredId":6},
  {"kind":"video","uri":"http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01",
   "preferredId":7}]})json";

/// A camera in Safari set to H.264.
inline constexpr std::string_view kSafariVideo = R"json({"mid":"1",
 "codecs":[
  {"mimeType":"video/H264","payloadType":98,"clockRate":90000,
   "parameters":{"profile-level-id":"42e01f","level-asymmetry-allowed":1,"packetization-mode":1},
   "rtcpFeedback":[{"type":"nack","parameter":""},{"type":"nack","parameter":"pli"},
    {"type":"ccm","parameter":"fir"},{"type":"goog-remb","parameter":""},{"type":"transport-cc","parameter":""}]},
  {"mimeType":"video/rtx","payloadType":99,"clockRate":90000,"parameters":{"apt":98},"rtcpFeedback":[]}],
 "headerExtensions":[
  {"uri":"urn:ietf:params:rtp-hdrext:sdes:mid","id":4,"encrypt":false,"parameters":{}},
  {"uri":"http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time","id":2,"encrypt":false,"parameters":{}},
  {"uri":"http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01","id":3,"encrypt":false,
   "parameters":{}},
  {"uri":"urn:3gpp:video-orientation","id":13,"encrypt":false,"parameters":{}}],
 "encodings":[
  {"ssrc":719885386,"rtx":{"ssrc":1649760492},"dtx":false}],
 "rtcp":{"cname":"x5Fu0Rk1v2Qh","reducedSize":true}})json";

/// A receiver like an older Safari: H.264 alone, in its own numbering.
inline constexpr std::string_view kSafariCapabilities = R"json({"codecs":[
  {"kind":"audio","mimeType":"audio/opus","preferredPayloadType":111,"clockRate":48000,"channels":2,
   "parameters":{"minptime":10,"useinbandfec":1},"rtcpFeedback":[{"type":"transport-cc"}]},
  {"kind":"video","mimeType":"video/H264","preferredPayloadType":96,"clockRate":90000,
   "parameters":{"profile-level-id":"640c1f","level-asymmetry-allowed":1,"packetization-mode":1},
   "rtcpFeedback":[{"type":"nack","parameter":""},{"type":"nack","parameter":"pli"},
    {"type":"ccm","parameter":"fir"},{"type":"goog-remb","parameter":""},{"type":"transport-cc","parameter":""}]},
  {"kind":"video","mimeType":"video/rtx","preferredPayloadType":97,"clockRate":90000,"parameters":{"apt":96},
   "rtcpFeedback":[]},
  {"kind":"video","mimeType":"video/H264","preferredPayloadType":98,"clockRate":90000,
   "parameters":{"profile-level-id":"42e01f","level-asymmetry-allowed":1,"packetization-mode":1},
   "rtcpFeedback":[{"type":"nack","parameter":""},{"type":"nack","parameter":"pli"},
    {"type":"ccm","parameter":"fir"},{"type":"goog-remb","parameter":""},{"type":"transport-cc","parameter":""}]},
  {"kind":"video","mimeType":"video/rtx","preferredPayloadType":99,"clockRate":90000,"parameters":{"apt":98},
   "rtcpFeedback":[]}],
 "headerExtensions":[
  {"kind":"audio","uri":"urn:ietf:params:rtp-hdrext:ssrc-audio-level","preferredId":1},
  {"kind":"audio","uri":"urn:ietf:params:rtp-hdrext:sdes:mid","preferredId":4},
  {"kind":"video","uri":"urn:ietf:params:rtp-hdrext:sdes:mid","preferredId":4},
  {"kind":"video","uri":"http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time","preferredId":2},
  {"kind":"video","uri":"http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01","preferredId":3},
  {"kind":"video","uri":"urn:3gpp:video-orientation","preferredId":13}]})json";

template <class T>
T read(std::string_view text) {
  return from_json<T>(json::parse({text.data(), text.size()}));
}

}  // namespace sluice::ortc::fixtures
