import { defineConfig } from 'vite';

// `vite` (npm run dev) passes signalling and the REST API on to a gateway that runs beside it.
const gateway = process.env.SLUICE_URL ?? 'http://localhost:8080';

export default defineConfig({
  base: './', // relative, so that the gateway can serve the page under any path
  build: {
    target: 'es2022',
    sourcemap: false,
    rollupOptions: { input: ['index.html', 'watch.html'] }, // the meeting, and its stream for those without a seat
    chunkSizeWarningLimit: 600, // hls.js
  },
  server: { proxy: { '/socket.io': { target: gateway, ws: true }, '/api': gateway, '/live': gateway, '/whep': gateway } },
});
