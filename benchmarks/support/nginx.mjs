// nginx as a good administrator would set it up for one small file that is asked for all the time. Pure. sendfile is off: for a file of
// some kilobytes one writev of head and body is quicker (512 connections: 116,000 reads a second, 87,000 with sendfile and tcp_nopush).

const quoted = (text) => `"${text.replace(/["\\$]/g, '\\$&')}"`;

// What nginx writes itself, or what belongs to one connection.
const own = new Set(['date', 'content-length', 'content-type', 'connection', 'server', 'keep-alive']);

/** What both have; `servers` is what each is for. */
const configuration = ({ folder, root }, servers) => `${root ? 'user root;' : ''}
worker_processes 1;
daemon off;
pid ${folder}/nginx.pid;
error_log stderr warn;
events {
  worker_connections 8192;
  multi_accept on;
}
http {
  access_log off;
  server_tokens off;
  sendfile off;
  tcp_nodelay on;
  keepalive_timeout 75s;
  keepalive_requests 1000000000;
  client_body_temp_path ${folder}/body;
  proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi;
  scgi_temp_path ${folder}/scgi;${servers}
}
`;

/** headers: those of Berth's answer; nginx sends the same ones, so that both answers are about as long. */
export function nginxConfiguration({ folder, port, headers, root }) {
  const fields = [...headers].filter(([name]) => !own.has(name)).map(([name, value]) => `add_header ${name} ${quoted(value)};`);
  return configuration({ folder, root }, `
  open_file_cache max=100 inactive=10m;
  open_file_cache_valid 10m;
  open_file_cache_min_uses 1;
  etag off;
  default_type application/json;
  server {
    listen 127.0.0.1:${port} backlog=4096;
    root ${folder};
    ${fields.join('\n    ')}
  }`);
}

/** As a proxy to what listens on `to`, with connections that it keeps, and the fields that Berth sets. */
export function nginxProxyConfiguration({ folder, port, to, root }) {
  return configuration({ folder, root }, `
  upstream app {
    server 127.0.0.1:${to};
    keepalive 64;
    keepalive_requests 1000000000;
  }
  server {
    listen 127.0.0.1:${port} backlog=4096;
    location / {
      proxy_pass http://app;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header Host $http_host;
      proxy_set_header X-Forwarded-Host $http_host;
      proxy_set_header X-Forwarded-Proto $scheme;
      proxy_set_header X-Forwarded-For $remote_addr;
    }
  }`);
}
