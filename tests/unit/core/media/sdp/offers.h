#pragma once

#include <string>
#include <string_view>

/// Offers shaped like those of clients, cut down to what matters. Written for these tests; the line ends are LF, which
/// the reader takes, too.
namespace sluice::sdp::offers {

inline constexpr std::string_view kFingerprint =
    "AB:CD:EF:01:23:45:67:89:AB:CD:EF:01:23:45:67:89:AB:CD:EF:01:23:45:67:89:AB:CD:EF:01:23:45:67:89";

inline const std::string kSession =
    "v=0\n"
    "o=- 4611731400430051336 2 IN IP4 127.0.0.1\n"
    "s=-\n"
    "t=0 0\n";

/// What each section of a browser says of its transport.
inline const std::string kTransport =
    "c=IN IP4 0.0.0.0\n"
    "a=rtcp:9 IN IP4 0.0.0.0\n"
    "a=ice-ufrag:clnt\n"
    "a=ice-pwd:clientPassword+of/22xx\n"
    "a=ice-options:trickle\n"
    "a=fingerprint:sha-256 " +
    std::string{kFingerprint} +
    "\n"
    "a=setup:actpass\n";

/// `text` with `from` replaced by `to` everywhere.
inline std::string with(std::string text, std::string_view from, std::string_view to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
  return text;
}

/// Chrome's microphone: Opus, RED, the telephone's codecs.
inline std::string chrome_audio(std::string_view mid, std::string_view direction = "sendrecv") {
  return "m=audio 9 UDP/TLS/RTP/SAVPF 111 63 9 0 8 13 110 126\n" + kTransport + "a=mid:" + std::string{mid} +
         "\n"
         "a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level\n"
         "a=extmap:2 http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time\n"
         "a=extmap:3 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01\n"
         "a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid\n"
         "a=" +
         std::string{direction} +
         "\n"
         "a=msid:stream-1 microphone-1\n"
         "a=rtcp-mux\n"
         "a=rtcp-rsize\n"
         "a=rtpmap:111 opus/48000/2\n"
         "a=rtcp-fb:111 transport-cc\n"
         "a=fmtp:111 minptime=10;useinbandfec=1\n"
         "a=rtpmap:63 red/48000/2\n"
         "a=fmtp:63 111/111\n"
         "a=rtpmap:9 G722/8000\n"
         "a=rtpmap:0 PCMU/8000\n"
         "a=rtpmap:8 PCMA/8000\n"
         "a=rtpmap:13 CN/8000\n"
         "a=rtpmap:110 telephone-event/48000\n"
         "a=rtpmap:126 telephone-event/8000\n" +
         (direction == "recvonly" ? "" : "a=ssrc:1001 cname:chrome-cname\na=ssrc:1001 msid:stream-1 microphone-1\n");
}

/// Chrome's camera, without what tells the streams.
inline std::string chrome_video(std::string_view mid, std::string_view direction) {
  const auto feedback = [](std::string_view type) {
    std::string out;
    for (const std::string_view entry : {"goog-remb", "transport-cc", "ccm fir", "nack", "nack pli"}) {
      out.append("a=rtcp-fb:").append(type).append(" ").append(entry).append("\n");
    }
    return out;
  };
  return "m=video 9 UDP/TLS/RTP/SAVPF 96 97 98 99 103 104 107 108 45 46 116 117 118\n" + kTransport +
         "a=mid:" + std::string{mid} +
         "\n"
         "a=extmap:14 urn:ietf:params:rtp-hdrext:toffset\n"
         "a=extmap:2 http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time\n"
         "a=extmap:13 urn:3gpp:video-orientation\n"
         "a=extmap:3 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01\n"
         "a=extmap:5 http://www.webrtc.org/experiments/rtp-hdrext/playout-delay\n"
         "a=extmap:6 http://www.webrtc.org/experiments/rtp-hdrext/video-content-type\n"
         "a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid\n"
         "a=extmap:10 urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id\n"
         "a=extmap:11 urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id\n"
         "a=" +
         std::string{direction} +
         "\n"
         "a=msid:stream-1 camera-1\n"
         "a=rtcp-mux\n"
         "a=rtcp-rsize\n"
         "a=rtpmap:96 VP8/90000\n" +
         feedback("96") +
         "a=rtpmap:97 rtx/90000\n"
         "a=fmtp:97 apt=96\n"
         "a=rtpmap:98 VP9/90000\n" +
         feedback("98") +
         "a=fmtp:98 profile-id=0\n"
         "a=rtpmap:99 rtx/90000\n"
         "a=fmtp:99 apt=98\n"
         "a=rtpmap:103 H264/90000\n" +
         feedback("103") +
         "a=fmtp:103 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42001f\n"
         "a=rtpmap:104 rtx/90000\n"
         "a=fmtp:104 apt=103\n"
         "a=rtpmap:107 H264/90000\n" +
         feedback("107") +
         "a=fmtp:107 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f\n"
         "a=rtpmap:108 rtx/90000\n"
         "a=fmtp:108 apt=107\n"
         "a=rtpmap:45 AV1/90000\n" +
         feedback("45") +
         "a=rtpmap:46 rtx/90000\n"
         "a=fmtp:46 apt=45\n"
         "a=rtpmap:116 red/90000\n"
         "a=rtpmap:117 rtx/90000\n"
         "a=fmtp:117 apt=116\n"
         "a=rtpmap:118 ulpfec/90000\n";
}

inline const std::string kThreeRids =
    "a=rid:q send\n"
    "a=rid:h send\n"
    "a=rid:f send\n"
    "a=simulcast:send q;h;f\n";

inline std::string bundle(std::string_view mids) { return "a=group:BUNDLE " + std::string{mids} + "\n"; }

/// Chrome, microphone and camera in three qualities.
inline std::string chrome_simulcast() {
  return kSession + bundle("0 1") + "a=extmap-allow-mixed\na=msid-semantic: WMS stream-1\n" +
         chrome_audio("0", "sendonly") + chrome_video("1", "sendonly") + kThreeRids;
}

/// Chrome, listening and watching.
inline std::string chrome_recvonly() {
  return kSession + bundle("0 1") + chrome_audio("0", "recvonly") + chrome_video("1", "recvonly");
}

/// Firefox: fingerprint and options above the sections, SSRCs for RTX, `rtcp-fb` with `*` left out.
inline std::string firefox() {
  const std::string transport =
      "c=IN IP4 0.0.0.0\n"
      "a=ice-ufrag:fx123456\n"
      "a=ice-pwd:0123456789abcdef0123456789abcdef\n"
      "a=setup:actpass\n";
  return "v=0\n"
         "o=mozilla...THIS_IS_SDPARTA-99.0 8055219342210243104 0 IN IP4 0.0.0.0\n"
         "s=-\n"
         "t=0 0\n"
         "a=fingerprint:sha-256 " +
         std::string{kFingerprint} +
         "\n"
         "a=group:BUNDLE 0 1\n"
         "a=ice-options:trickle\n"
         "a=msid-semantic:WMS *\n"
         "m=audio 9 UDP/TLS/RTP/SAVPF 109 9 0 8 101\n" +
         transport +
         "a=sendonly\n"
         "a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level\n"
         "a=extmap:2/recvonly urn:ietf:params:rtp-hdrext:csrc-audio-level\n"
         "a=extmap:3 urn:ietf:params:rtp-hdrext:sdes:mid\n"
         "a=fmtp:109 maxplaybackrate=48000;stereo=1;useinbandfec=1\n"
         "a=fmtp:101 0-15\n"
         "a=mid:0\n"
         "a=msid:{f7ff12a4-dd1b-4d5c-a5a1-2c1b6bd4f0c9} {11111111-2222-3333-4444-555555555555}\n"
         "a=rtcp-mux\n"
         "a=rtpmap:109 opus/48000/2\n"
         "a=rtpmap:9 G722/8000/1\n"
         "a=rtpmap:0 PCMU/8000\n"
         "a=rtpmap:8 PCMA/8000\n"
         "a=rtpmap:101 telephone-event/8000/1\n"
         "a=ssrc:2001 cname:{firefox-cname}\n"
         "m=video 9 UDP/TLS/RTP/SAVPF 120 124 121 125 126 127\n" +
         transport +
         "a=sendonly\n"
         "a=extmap:3 urn:ietf:params:rtp-hdrext:sdes:mid\n"
         "a=extmap:4 http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time\n"
         "a=extmap:5 urn:ietf:params:rtp-hdrext:toffset\n"
         "a=extmap:6/recvonly http://www.webrtc.org/experiments/rtp-hdrext/playout-delay\n"
         "a=extmap:7 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01\n"
         "a=fmtp:126 profile-level-id=42e01f;level-asymmetry-allowed=1;packetization-mode=1\n"
         "a=fmtp:120 max-fs=12288;max-fr=60\n"
         "a=fmtp:124 apt=120\n"
         "a=fmtp:121 max-fs=12288;max-fr=60\n"
         "a=fmtp:125 apt=121\n"
         "a=fmtp:127 apt=126\n"
         "a=mid:1\n"
         "a=msid:- {66666666-7777-8888-9999-000000000000}\n"
         "a=rtcp-fb:120 nack\n"
         "a=rtcp-fb:120 nack pli\n"
         "a=rtcp-fb:120 ccm fir\n"
         "a=rtcp-fb:120 goog-remb\n"
         "a=rtcp-fb:120 transport-cc\n"
         "a=rtcp-mux\n"
         "a=rtcp-rsize\n"
         "a=rtpmap:120 VP8/90000\n"
         "a=rtpmap:124 rtx/90000\n"
         "a=rtpmap:121 VP9/90000\n"
         "a=rtpmap:125 rtx/90000\n"
         "a=rtpmap:126 H264/90000\n"
         "a=rtpmap:127 rtx/90000\n"
         "a=ssrc:2002 cname:{firefox-cname}\n"
         "a=ssrc:2003 cname:{firefox-cname}\n"
         "a=ssrc-group:FID 2002 2003\n";
}

/// aiortc: everything in each section, candidates included; one id with two meanings.
inline std::string aiortc() {
  const std::string transport =
      "c=IN IP4 192.0.2.7\n"
      "a=rtcp:9 IN IP4 0.0.0.0\n"
      "a=rtcp-mux\n";
  const std::string after =
      "a=candidate:0a1b 1 udp 2130706431 192.0.2.7 40404 typ host\n"
      "a=end-of-candidates\n"
      "a=ice-ufrag:aiuf\n"
      "a=ice-pwd:aiortcPasswordOf22Char\n"
      "a=fingerprint:sha-256 " +
      std::string{kFingerprint} +
      "\n"
      "a=setup:actpass\n";
  return "v=0\n"
         "o=- 3947384 3947384 IN IP4 0.0.0.0\n"
         "s=-\n"
         "t=0 0\n"
         "a=group:BUNDLE 0 1\n"
         "a=msid-semantic:WMS *\n"
         "m=audio 40404 UDP/TLS/RTP/SAVPF 96 0 8\n" +
         transport +
         "a=sendrecv\n"
         "a=extmap:1 urn:ietf:params:rtp-hdrext:sdes:mid\n"
         "a=extmap:2 urn:ietf:params:rtp-hdrext:ssrc-audio-level\n"
         "a=mid:0\n"
         "a=msid:ai-stream ai-track\n"
         "a=ssrc:3001 cname:ai-cname\n"
         "a=rtpmap:96 opus/48000/2\n"
         "a=rtpmap:0 PCMU/8000\n"
         "a=rtpmap:8 PCMA/8000\n" +
         after + "m=video 40404 UDP/TLS/RTP/SAVPF 97 98 99 100\n" + transport +
         "a=sendrecv\n"
         "a=extmap:1 urn:ietf:params:rtp-hdrext:sdes:mid\n"
         "a=extmap:2 http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time\n"
         "a=mid:1\n"
         "a=msid:ai-stream ai-video\n"
         "a=ssrc:3002 cname:ai-cname\n"
         "a=ssrc:3003 cname:ai-cname\n"
         "a=ssrc-group:FID 3002 3003\n"
         "a=rtpmap:97 VP8/90000\n"
         "a=rtcp-fb:97 nack\n"
         "a=rtcp-fb:97 nack pli\n"
         "a=rtcp-fb:97 goog-remb\n"
         "a=rtpmap:98 rtx/90000\n"
         "a=fmtp:98 apt=97\n"
         "a=rtpmap:99 H264/90000\n"
         "a=rtcp-fb:99 nack\n"
         "a=fmtp:99 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f\n"
         "a=rtpmap:100 rtx/90000\n"
         "a=fmtp:100 apt=99\n" +
         after;
}

/// OBS by WHIP (libdatachannel): H.264 alone, SSRCs, fingerprint and credentials in the sections.
inline std::string obs() {
  const std::string transport =
      "c=IN IP4 0.0.0.0\n"
      "a=setup:actpass\n"
      "a=ice-ufrag:obsu\n"
      "a=ice-pwd:obsPasswordOf22Letters\n"
      "a=ice-options:ice2,trickle\n"
      "a=fingerprint:sha-256 " +
      std::string{kFingerprint} + "\n";
  return "v=0\n"
         "o=rtc 3259172137 0 IN IP4 127.0.0.1\n"
         "s=-\n"
         "t=0 0\n"
         "a=group:BUNDLE 0 1\n"
         "a=group:LS 0 1\n"
         "a=msid-semantic:WMS *\n"
         "m=audio 9 UDP/TLS/RTP/SAVPF 111\n" +
         transport +
         "a=mid:0\n"
         "a=sendonly\n"
         "a=ssrc:4001 cname:obs-cname\n"
         "a=ssrc:4001 msid:obs-stream obs-audio\n"
         "a=msid:obs-stream obs-audio\n"
         "a=rtcp-mux\n"
         "a=rtpmap:111 opus/48000/2\n"
         "a=fmtp:111 minptime=10;maxaveragebitrate=96000;stereo=1;sprop-stereo=1;useinbandfec=1\n"
         "m=video 9 UDP/TLS/RTP/SAVPF 96\n" +
         transport +
         "a=mid:1\n"
         "a=sendonly\n"
         "a=ssrc:4002 cname:obs-cname\n"
         "a=ssrc:4002 msid:obs-stream obs-video\n"
         "a=msid:obs-stream obs-video\n"
         "a=rtcp-mux\n"
         "a=rtpmap:96 H264/90000\n"
         "a=rtcp-fb:96 nack\n"
         "a=rtcp-fb:96 nack pli\n"
         "a=rtcp-fb:96 goog-remb\n"
         "a=fmtp:96 profile-level-id=42e01f;packetization-mode=1;level-asymmetry-allowed=1\n";
}

/// GStreamer's webrtcbin: long MIDs, feedback of every codec by itself, SSRC and CNAME, parameters of the encoder.
inline std::string gstreamer() {
  return "v=0\n"
         "o=- 1234567890 0 IN IP4 0.0.0.0\n"
         "s=-\n"
         "t=0 0\n"
         "a=ice-options:trickle\n"
         "a=group:BUNDLE video0\n"
         "m=video 9 UDP/TLS/RTP/SAVPF 96\n"
         "c=IN IP4 0.0.0.0\n"
         "a=setup:actpass\n"
         "a=ice-ufrag:gst+ufrag/16chars\n"
         "a=ice-pwd:gstPasswordOf32LettersAndDigits1\n"
         "a=rtcp-mux\n"
         "a=rtcp-rsize\n"
         "a=sendonly\n"
         "a=rtpmap:96 VP8/90000\n"
         "a=rtcp-fb:* nack pli\n"
         "a=framerate:30\n"
         "a=ssrc:5001 msid:user3@host-1 webrtctransceiver0\n"
         "a=ssrc:5001 cname:user3@host-1\n"
         "a=mid:video0\n"
         "a=fingerprint:sha-256 " +
         std::string{kFingerprint} + "\n";
}

}  // namespace sluice::sdp::offers
