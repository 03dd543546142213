// A server as in follow-servers.c, in Go. Arguments: KIND FOLDER WORKERS. "go": a goroutine for each connection; "gopool": that
// one reads, and one of WORKERS goroutines, which get requests through a channel, does the work and replies.
package main

import (
	"fmt"
	"io"
	"math/rand"
	"net"
	"os"
	"strconv"
	"strings"
	"time"
)

type request struct {
	connection net.Conn
	cookie     [32]byte
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}

func bytesOf(cookie string) int {
	hash := uint32(5381)
	for _, each := range []byte(cookie) {
		hash = hash*33 + uint32(each)
	}
	return 1 + int(hash%97)
}

func makeFile(path string, size int) {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0644)
	must(err)
	_, err = file.Write(make([]byte, size))
	must(err)
	must(file.Close())
}

func serve(asked request) {
	cookie := strings.TrimRight(string(asked.cookie[:]), "\x00")
	makeFile(cookie+".a", bytesOf(cookie))
	time.Sleep(time.Duration(200+rand.Intn(800)) * time.Microsecond)
	makeFile(cookie+".b", bytesOf(cookie))
	asked.connection.Write(asked.cookie[:])
}

func keepHouse() {
	for number := 0; ; number++ {
		makeFile(fmt.Sprintf("house-%d", number), 1)
		time.Sleep(3 * time.Millisecond)
	}
}

func main() {
	kind := os.Args[1]
	must(os.Chdir(os.Args[2]))
	workers, err := strconv.Atoi(os.Args[3])
	must(err)
	listener, err := net.Listen("unix", "server.sock")
	must(err)
	must(os.Symlink(strconv.Itoa(os.Getpid()), "pid"))
	jobs := make(chan request, 256)
	if kind == "gopool" {
		for index := 0; index < workers; index++ {
			go func() {
				for asked := range jobs {
					serve(asked)
				}
			}()
		}
	}
	go keepHouse()
	must(os.WriteFile("ready", nil, 0644))
	for {
		connection, err := listener.Accept()
		must(err)
		go func() {
			defer connection.Close()
			asked := request{connection: connection}
			for {
				if _, err := io.ReadFull(connection, asked.cookie[:]); err != nil {
					return
				}
				if kind == "gopool" {
					jobs <- asked
				} else {
					serve(asked)
				}
			}
		}()
	}
}
