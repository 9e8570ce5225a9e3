#include "core/net/http_message.h"

#include <algorithm>
#include <array>

namespace sluice::net {

namespace {

struct MethodName {
  HttpMethod method;
  std::string_view name;
};

constexpr std::array kMethodNames{
    MethodName{HttpMethod::get, "GET"},         MethodName{HttpMethod::head, "HEAD"},
    MethodName{HttpMethod::post, "POST"},       MethodName{HttpMethod::put, "PUT"},
    MethodName{HttpMethod::patch, "PATCH"},     MethodName{HttpMethod::delete_, "DELETE"},
    MethodName{HttpMethod::options, "OPTIONS"},
};

constexpr char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool equal_without_case(std::string_view a, std::string_view b) noexcept {
  return std::ranges::equal(a, b, [](char x, char y) { return lower(x) == lower(y); });
}

// RFC 9110 section 5.6.2: token.
constexpr bool is_token_char(char c) noexcept {
  return (c >= '0' && c <= '9') || (lower(c) >= 'a' && lower(c) <= 'z') ||
         std::string_view{"!#$%&'*+-.^_`|~"}.find(c) != std::string_view::npos;
}

// RFC 9110 section 5.5: visible characters, space, tab, and obs-text; never CR, LF or NUL.
constexpr bool is_value_char(char c) noexcept {
  const auto byte = static_cast<unsigned char>(c);
  return byte == '\t' || (byte >= 0x20 && byte != 0x7f);
}

void check_field(std::string_view name, std::string_view value) {
  if (name.empty() || !std::ranges::all_of(name, is_token_char)) throw InvalidHeader{"invalid header name"};
  if (!std::ranges::all_of(value, is_value_char)) {
    throw InvalidHeader{"control character in the value of header " + std::string{name}};
  }
}

void append_json_string(std::string& out, std::string_view text) {
  constexpr std::string_view kHex = "0123456789abcdef";
  out += '"';
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out.append({'\\', c});
    } else if (byte < 0x20) {
      out.append("\\u00").append({kHex[byte >> 4], kHex[byte & 0x0f]});
    } else {
      out += c;
    }
  }
  out += '"';
}

std::optional<std::string_view> find_in(const HttpFields& fields, std::string_view name) noexcept {
  const auto found = fields.find(name);
  if (found == fields.end()) return std::nullopt;
  return found->second;
}

}  // namespace

std::string_view to_string(HttpMethod method) noexcept {
  const auto* found = std::ranges::find(kMethodNames, method, &MethodName::method);
  return found == kMethodNames.end() ? "?" : found->name;
}

std::optional<HttpMethod> parse_http_method(std::string_view name) noexcept {
  const auto* found = std::ranges::find(kMethodNames, name, &MethodName::name);
  if (found == kMethodNames.end()) return std::nullopt;
  return found->method;
}

std::optional<std::string_view> HttpHeaders::find(std::string_view name) const noexcept {
  for (const auto& [field, value] : fields_) {
    if (equal_without_case(field, name)) return value;
  }
  return std::nullopt;
}

void HttpHeaders::set(std::string_view name, std::string_view value) {
  check_field(name, value);
  remove(name);
  fields_.emplace_back(name, value);
}

void HttpHeaders::add(std::string_view name, std::string_view value) {
  check_field(name, value);
  fields_.emplace_back(name, value);
}

void HttpHeaders::remove(std::string_view name) noexcept {
  std::erase_if(fields_, [name](const Field& field) { return equal_without_case(field.first, name); });
}

std::optional<std::string_view> HttpRequest::query_value(std::string_view name) const noexcept {
  return find_in(query, name);
}

std::string_view HttpRequest::param(std::string_view name) const noexcept { return find_in(params, name).value_or(""); }

std::string_view HttpRequest::bearer_token() const noexcept {
  // RFC 9110 section 11.1: the scheme's name compares without regard to case.
  constexpr std::string_view kScheme = "Bearer ";
  std::string_view value = headers.get("Authorization");
  if (!equal_without_case(value.substr(0, kScheme.size()), kScheme)) return {};
  value.remove_prefix(kScheme.size());
  value.remove_prefix(std::min(value.find_first_not_of(' '), value.size()));
  return value;
}

HttpResponse::HttpResponse(int status_code, std::string_view content_type, std::string text)
    : status{status_code}, body{std::make_shared<const std::string>(std::move(text))} {
  if (!content_type.empty()) headers.set("Content-Type", content_type);
}

HttpResponse HttpResponse::json(int status, std::string text) { return {status, "application/json", std::move(text)}; }

HttpResponse HttpResponse::text(int status, std::string text) {
  return {status, "text/plain; charset=utf-8", std::move(text)};
}

HttpResponse HttpResponse::error(int status, std::string_view code, std::string_view message) {
  std::string out = R"({"success":false,"error":{"code":)";
  append_json_string(out, code);
  out += R"(,"message":)";
  append_json_string(out, message);
  out += "}}";
  return json(status, std::move(out));
}

}  // namespace sluice::net
