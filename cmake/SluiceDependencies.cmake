# Every library of the gateway; docs/decisions/0002-dependencies.md says what each one is for.

find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)
find_package(Boost 1.81 REQUIRED COMPONENTS json filesystem url)
find_package(OpenSSL 3.0 REQUIRED)
find_package(Poco REQUIRED COMPONENTS Foundation Util Net JSON Crypto JWT Data DataSQLite)
find_package(yaml-cpp 0.7 REQUIRED)
find_package(prometheus-cpp REQUIRED)
find_package(doctest REQUIRED)
pkg_check_modules(srtp2 REQUIRED IMPORTED_TARGET libsrtp2)
pkg_check_modules(nice REQUIRED IMPORTED_TARGET nice)
pkg_check_modules(ical REQUIRED IMPORTED_TARGET libical)
pkg_check_modules(ffmpeg REQUIRED IMPORTED_TARGET libavformat libavcodec libavfilter libswscale libswresample libavutil)
