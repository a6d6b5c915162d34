package reports_test

import (
	"bytes"
	"cmp"
	"context"
	"image"
	"image/color"
	"image/png"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/rollrisk/rollrisk/scenarios"
)

// heaviest is how many bytes a picture of the documentation may have.
const heaviest = 80_000

// Every scenario of the library has a picture of its first screen in the gallery.
// ROLLRISK_UPDATE=1 takes them anew; tools/pictures.sh does that.
func TestPictures(t *testing.T) {
	if os.Getenv("ROLLRISK_UPDATE") == "1" {
		ctx := window(t)
		for _, name := range scenarios.Library() {
			if err := os.WriteFile(picture(name), photograph(t, ctx, name), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	gallery, err := os.ReadFile("../docs/gallery.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range scenarios.Library() {
		info, err := os.Stat(picture(name))
		if err != nil {
			t.Error(err)
		} else if info.Size() > heaviest {
			t.Errorf("%s has %d bytes; the most is %d", picture(name), info.Size(), heaviest)
		}
		if !strings.Contains(string(gallery), "images/"+name+".png") {
			t.Errorf("docs/gallery.md does not show %s", name)
		}
	}
}

func picture(name string) string { return "../docs/images/" + name + ".png" }

// photograph is the first screen of a page, at three quarters of its size.
func photograph(t *testing.T, ctx context.Context, name string) []byte {
	t.Helper()
	b := open(t, ctx, save(t, builtin(t, name)), view{1280, true, "light"})
	b.do(chromedp.EmulateViewport(1280, 900, chromedp.EmulateScale(0.75)))
	shot, err := chromedp.Run(b.ctx, chromedp.CaptureScreenshot())
	if err != nil {
		t.Fatal(err)
	}
	full, err := png.Decode(bytes.NewReader(shot))
	if err != nil {
		t.Fatal(err)
	}
	var small bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&small, reduced(full, 160)); err != nil {
		t.Fatal(err)
	}
	b.close()
	return small.Bytes()
}

// reduced is the image in its n most frequent colours, after colours that nearly
// agree were taken for one.
func reduced(full image.Image, n int) image.Image {
	type shade struct {
		r, g, b uint8 // the upper bits
	}
	count, sample := map[shade]int{}, map[shade]color.RGBA{}
	of := func(x, y int) (shade, color.RGBA) {
		c := color.RGBAModel.Convert(full.At(x, y)).(color.RGBA)
		return shade{c.R >> 4, c.G >> 4, c.B >> 4}, c
	}
	box := full.Bounds()
	for y := box.Min.Y; y < box.Max.Y; y++ {
		for x := box.Min.X; x < box.Max.X; x++ {
			s, c := of(x, y)
			if count[s]++; count[s] == 1 {
				sample[s] = c
			}
		}
	}
	shades := slices.SortedFunc(maps.Keys(count), func(a, b shade) int {
		return cmp.Or(count[b]-count[a], cmp.Compare(a.r, b.r), cmp.Compare(a.g, b.g), cmp.Compare(a.b, b.b))
	})
	var palette color.Palette
	for _, s := range shades[:min(n, len(shades))] {
		palette = append(palette, sample[s])
	}
	small := image.NewPaletted(box, palette)
	for y := box.Min.Y; y < box.Max.Y; y++ {
		for x := box.Min.X; x < box.Max.X; x++ {
			small.Set(x, y, full.At(x, y))
		}
	}
	return small
}
