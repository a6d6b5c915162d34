package workshop

import (
	"crypto/rand"
	"crypto/subtle"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// The code has 8 letters of 32 that are not mistaken for each other: 2^40 of them.
const (
	codeLetters = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
	codeLength  = 8
)

// newCode is a code by chance of the machine.
func newCode() string {
	b := make([]byte, codeLength)
	rand.Read(b) // never fails: package crypto/rand
	for i := range b {
		b[i] = codeLetters[int(b[i])%len(codeLetters)]
	}
	return string(b)
}

// asCode is a code as people type it.
func asCode(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '-' || r == ' ' {
			return -1
		}
		return r
	}, strings.ToUpper(s))
}

// same compares secrets in constant time.
func same(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }

// Limits of wrong codes. Ten at once are a class of thick fingers; a hundred are none. An
// address gets one more try every six seconds, all together one a second: 2^40 codes last for
// ever.
const (
	failuresEach = 10
	failuresAll  = 100
	forgiveEach  = 6 * time.Second
	forgiveAll   = time.Second
	maxAddresses = 4096
)

// bucket holds failures that leak away.
type bucket struct {
	level float64
	last  time.Time
}

// leak is the level after what has been forgiven.
func (b *bucket) leak(now time.Time, every time.Duration) float64 {
	b.level = max(0, b.level-float64(now.Sub(b.last))/float64(every))
	b.last = now
	return b.level
}

// door counts wrong codes, by address and in all.
type door struct {
	mu   sync.Mutex
	each map[string]*bucket
	all  bucket
}

// shut says that an address may not try now. When too many have failed in all, only addresses
// that have never failed still may.
func (d *door) shut(address string, now time.Time) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	b, known := d.each[address]
	if known && b.leak(now, forgiveEach) > failuresEach-1 {
		return true
	}
	return known && d.all.leak(now, forgiveAll) > failuresAll-1
}

// failed notes a wrong code.
func (d *door) failed(address string, now time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.each == nil {
		d.each = map[string]*bucket{}
	}
	d.all.leak(now, forgiveAll)
	d.all.level++
	b := d.each[address]
	if b == nil {
		d.forget(now)
		b = &bucket{last: now}
		d.each[address] = b
	}
	b.leak(now, forgiveEach)
	b.level++
}

// forget makes room: addresses that are forgiven go; where none is, all do, and the count of
// all holds the door.
func (d *door) forget(now time.Time) {
	if len(d.each) < maxAddresses {
		return
	}
	for a, b := range d.each {
		if b.leak(now, forgiveEach) == 0 {
			delete(d.each, a)
		}
	}
	if len(d.each) >= maxAddresses {
		clear(d.each)
	}
}

// addressOf is who asks, without the port.
func addressOf(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}

// Hosts are the names under which a listener may be asked for: its own address, and localhost
// where it listens there.
func Hosts(a net.Addr, local []net.Addr) []string {
	tcp, ok := a.(*net.TCPAddr)
	if !ok {
		return []string{a.String()}
	}
	port := strconv.Itoa(tcp.Port)
	names := []string{net.JoinHostPort(tcp.IP.String(), port)}
	if tcp.IP.IsLoopback() || tcp.IP.IsUnspecified() {
		names = append(names, "localhost:"+port, "127.0.0.1:"+port, "[::1]:"+port)
	}
	if !tcp.IP.IsUnspecified() {
		return names
	}
	for _, l := range local {
		if n, ok := l.(*net.IPNet); ok && !n.IP.IsLinkLocalUnicast() {
			names = append(names, net.JoinHostPort(n.IP.String(), port))
		}
	}
	return names
}

// policy is what a page of a session may do: load from here, send to here, and nothing else.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// guarded refuses what does not come from a page of this server: a name that is not ours
// (DNS rebinding), a write that another page sends, a body without end.
func guarded(hosts []string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cache-Control", "no-store")
		switch {
		case !slices.Contains(hosts, r.Host):
			http.Error(w, "this server has another name", http.StatusMisdirectedRequest)
		case r.Method != http.MethodGet && r.Method != http.MethodHead && r.Method != http.MethodPost:
			http.Error(w, "only GET and POST", http.StatusMethodNotAllowed)
		case r.Method == http.MethodPost && !ownOrigin(r):
			http.Error(w, "this request comes from another page", http.StatusForbidden)
		default:
			r.Body = http.MaxBytesReader(w, r.Body, maxBody)
			next.ServeHTTP(w, r)
		}
	})
}

// maxBody bounds what is sent: a form has less than one kilobyte.
const maxBody = 4 << 10

// ownOrigin says that a write comes from a page of the same host.
func ownOrigin(r *http.Request) bool {
	origin, err := url.Parse(r.Header.Get("Origin"))
	return err == nil && origin.Scheme == "http" && origin.Host == r.Host && origin.Path == ""
}
