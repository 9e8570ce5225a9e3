#pragma once

#include <algorithm>
#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/beast/core/file.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/optional.hpp>
#include <cstdint>
#include <utility>

namespace sluice::net {

/// A body of Beast's: so many bytes of an open file, from where it stands.
struct FileBody {
  struct value_type {
    boost::beast::file file;
    std::uint64_t bytes = 0;
  };
  static std::uint64_t size(const value_type& body) noexcept { return body.bytes; }

  class writer {
   public:
    using const_buffers_type = boost::asio::const_buffer;

    template <bool kIsRequest, class Fields>
    writer(boost::beast::http::header<kIsRequest, Fields>&, value_type& body) : body_{body}, left_{body.bytes} {}

    void init(boost::system::error_code& failed) { failed = {}; }
    boost::optional<std::pair<const_buffers_type, bool>> get(boost::system::error_code& failed) {
      failed = {};
      if (left_ == 0) return boost::none;
      const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(left_, chunk_.size()));
      const std::size_t size = body_.file.read(chunk_.data(), wanted, failed);
      // The length is promised already: a file that was cut meanwhile ends the connection.
      if (!failed && size == 0) failed = boost::beast::http::error::partial_message;
      if (failed) return boost::none;
      left_ -= size;
      return std::pair{const_buffers_type{chunk_.data(), size}, left_ > 0};
    }

   private:
    static constexpr std::size_t kChunkBytes = 32 << 10;  // per download at a time

    value_type& body_;
    std::uint64_t left_;
    std::array<char, kChunkBytes> chunk_{};
  };
};

}  // namespace sluice::net
