// SPDX-License-Identifier: GPL-3.0-only
// The Go peer of the bench: net/http stopped by Server.Shutdown, as its documentation shows it.
package main

import (
	"context"
	"crypto/tls"
	"io"
	"log"
	"net/http"
	"os"
	"os/signal"
	"strconv"
	"syscall"
	"time"
)

const longestWork = 600000 // milliseconds, as the service under test

func hello(w http.ResponseWriter, _ *http.Request) {
	io.WriteString(w, "Hello, World!")
}

func work(w http.ResponseWriter, r *http.Request) {
	ms, err := strconv.Atoi(r.URL.Query().Get("ms"))
	if err != nil || ms < 0 || ms > longestWork {
		http.Error(w, "ms: 0 to 600000", http.StatusBadRequest)
		return
	}
	select {
	case <-time.After(time.Duration(ms) * time.Millisecond):
		io.WriteString(w, "done")
	case <-r.Context().Done():
	}
}

func echo(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		http.Error(w, "POST only", http.StatusMethodNotAllowed)
		return
	}
	w.Header().Set("Content-Type", r.Header.Get("Content-Type"))
	if r.ContentLength >= 0 {
		w.Header().Set("Content-Length", strconv.FormatInt(r.ContentLength, 10))
	}
	io.Copy(w, r.Body)
}

// With a certificate and key over TLS, and then without HTTP/2: the others do not speak it.
func serve(server *http.Server, files []string) error {
	if len(files) == 0 {
		return server.ListenAndServe()
	}
	server.TLSNextProto = map[string]func(*http.Server, *tls.Conn, http.Handler){}
	return server.ListenAndServeTLS(files[0], files[1])
}

func main() {
	if len(os.Args) != 2 && len(os.Args) != 4 {
		log.Fatal("usage: go-peer PORT [CERTIFICATE KEY]")
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/hello", hello)
	mux.HandleFunc("/work", work)
	mux.HandleFunc("/echo", echo)
	server := &http.Server{Addr: "127.0.0.1:" + os.Args[1], Handler: mux}

	stop, forget := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer forget()
	drained := make(chan error, 1)
	go func() {
		<-stop.Done()
		grace, cancel := context.WithTimeout(context.Background(), 25*time.Second)
		defer cancel()
		drained <- server.Shutdown(grace)
	}()
	if err := serve(server, os.Args[2:]); err != http.ErrServerClosed {
		log.Fatal(err)
	}
	if err := <-drained; err != nil {
		log.Fatal(err)
	}
}
