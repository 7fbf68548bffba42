//! A small HTTP server that answers as a test tells it and remembers every request.

use std::io::{BufRead as _, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

/// What was asked.
#[derive(Clone, Debug, Default)]
pub(crate) struct Request {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

/// What is answered.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn ok(body: impl Into<String>) -> Self {
        Self { status: 200, headers: Vec::new(), body: body.into() }
    }

    pub(crate) fn with(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }

    pub(crate) fn status(mut self, status: u16) -> Self {
        self.status = status;
        self
    }
}

impl Request {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(own, _)| own.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// A field of a form, undecoded but for what ARNs need.
    pub(crate) fn field(&self, name: &str) -> Option<String> {
        let pair = self.body.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))?;
        Some(percent_encoding::percent_decode_str(pair).decode_utf8_lossy().into_owned())
    }

    /// The access key that signed the request.
    pub(crate) fn signer(&self) -> Option<String> {
        let credential = self.header("authorization")?.split("Credential=").nth(1)?;
        Some(credential.split('/').next()?.to_owned())
    }
}

/// The running server. It ends with the test's process.
#[derive(Clone, Debug)]
pub(crate) struct Responder {
    port: u16,
    requests: Arc<Mutex<Vec<Request>>>,
}

impl Responder {
    pub(crate) fn start(answer: impl Fn(&Request) -> Answer + Send + Sync + 'static) -> Self {
        Self::serve(move |stream, requests| {
            let (Some(request), mut stream) = read(&stream) else { return };
            requests.lock().unwrap().push(request.clone());
            let _ = write(&mut stream, &answer(&request));
        })
    }

    /// Takes connections and says nothing.
    pub(crate) fn silent() -> Self {
        Self::serve(|stream, requests| {
            requests.lock().unwrap().push(Request::default());
            thread::sleep(Duration::from_mins(1));
            drop(stream);
        })
    }

    /// Does with each connection what the test wants.
    pub(crate) fn serve(serve: impl Fn(TcpStream, &Mutex<Vec<Request>>) + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let requests = Arc::new(Mutex::new(Vec::new()));
        let (kept, serve) = (Arc::clone(&requests), Arc::new(serve));
        thread::spawn(move || {
            while let Ok((stream, _)) = listener.accept() {
                let (kept, serve) = (Arc::clone(&kept), Arc::clone(&serve));
                thread::spawn(move || serve(stream, &kept));
            }
        });
        Self { port, requests }
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// What was asked since the start or the last time this was asked.
    pub(crate) fn take(&self) -> Vec<Request> {
        std::mem::take(&mut self.requests.lock().unwrap())
    }
}

/// Reads one request; every connection carries one.
pub(crate) fn read<S: Read>(stream: S) -> (Option<Request>, S) {
    let mut reader = BufReader::new(stream);
    let request = parse(&mut reader);
    (request, reader.into_inner())
}

fn parse(reader: &mut BufReader<impl Read>) -> Option<Request> {
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    let mut words = line.split_whitespace().map(str::to_owned);
    let mut request = Request { method: words.next()?, path: words.next()?, ..Request::default() };
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim_end().split_once(':') else { break };
        request.headers.push((name.to_owned(), value.trim().to_owned()));
    }
    let length = request.header("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    request.body = String::from_utf8_lossy(&body).into_owned();
    Some(request)
}

pub(crate) fn write(stream: &mut impl Write, answer: &Answer) -> std::io::Result<()> {
    let mut text =
        format!("HTTP/1.1 {} X\r\ncontent-length: {}\r\nconnection: close\r\n", answer.status, answer.body.len());
    for (name, value) in &answer.headers {
        text = text + name + ": " + value + "\r\n";
    }
    stream.write_all(format!("{text}\r\n{}", answer.body).as_bytes())?;
    stream.flush()
}
